//! The binary. All code is in the library, so tests and the binary share one compilation.

/// Rendering a page makes thousands of small allocations: the system's allocator took a quarter of
/// its time, and idle connections used more memory.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    rialto::cli::main()
}
