"""TA-Lib's side of `cargo xtask bench indicators`.

Started with the folder that holds the columns. Each line of the input names an indicator: `time NAME`
computes it and answers the nanoseconds that took, `save NAME` writes its lines to NAME.0, NAME.1 and so
on. Columns are 64-bit floats, the lowest byte first.
"""

import pathlib
import sys
import time

import numpy
import talib

folder = pathlib.Path(sys.argv[1])
high, low, close, volume = (
    numpy.fromfile(folder / name, dtype="<f8") for name in ("high", "low", "close", "volume")
)


def ichimoku():
    """There is no ICHIMOKU for Python; its lines are middles of ranges."""
    tenkan = talib.MIDPRICE(high, low, 9)
    kijun = talib.MIDPRICE(high, low, 26)
    return tenkan, kijun, (tenkan + kijun) / 2, talib.MIDPRICE(high, low, 52)


indicators = {
    "sma": lambda: talib.SMA(close, 20),
    "ema": lambda: talib.EMA(close, 20),
    "wma": lambda: talib.WMA(close, 20),
    "kama": lambda: talib.KAMA(close, 30),
    "bollinger": lambda: talib.BBANDS(close, 20, 2, 2),
    "vwap": lambda: talib.VWAP(high, low, close, volume),
    "ichimoku": ichimoku,
    "sar": lambda: talib.SAR(high, low, 0.02, 0.2),
    "rsi": lambda: talib.RSI(close, 14),
    "macd": lambda: talib.MACD(close, 12, 26, 9),
    "stochastic": lambda: talib.STOCH(high, low, close, 14, 3, 0, 3, 0),
    "adx": lambda: talib.ADX(high, low, close, 14),
    "directional": lambda: (talib.PLUS_DI(high, low, close, 14), talib.MINUS_DI(high, low, close, 14)),
    "atr": lambda: talib.ATR(high, low, close, 14),
    "obv": lambda: talib.OBV(close, volume),
    "cci": lambda: talib.CCI(high, low, close, 20),
    "mfi": lambda: talib.MFI(high, low, close, volume, 14),
    "roc": lambda: talib.ROC(close, 12),
    "williams": lambda: talib.WILLR(high, low, close, 14),
    "ultimate": lambda: talib.ULTOSC(high, low, close, 7, 14, 28),
}

print(f"TA-Lib {talib.__version__}, numpy {numpy.__version__}", flush=True)
for line in sys.stdin:
    task, name = line.split()
    indicator = indicators[name]
    start = time.perf_counter_ns()
    result = indicator()
    took = time.perf_counter_ns() - start
    if task == "save":
        lines = result if isinstance(result, tuple) else (result,)
        for at, values in enumerate(lines):
            values.astype("<f8").tofile(folder / f"{name}.{at}")
        took = len(lines)
    del result
    print(took, flush=True)
