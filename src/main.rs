//! The binary: all of it is in the library, which compiles what tests and the binary share once.

/// Drawing a page is thousands of small pieces: with the system's allocator a quarter of its time
/// went into giving and taking memory, and idle connections held more of it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    rialto::cli::main()
}
