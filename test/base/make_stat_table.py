#!/usr/bin/env python3
"""Writes stat_table.h: quantiles to 20 digits, from mpmath, for test_stat.c.

Run again only to change the rows:  python3 make_stat_table.py > stat_table.h
"""
from mpmath import mp, mpf

mp.dps = 60
TINY = mpf(10) ** -58

PS = [1e-12, 1e-6, 0.001, 0.025, 0.05, 0.25, 0.4, 0.49999, 0.6, 0.75, 0.9, 0.975, 0.995, 0.999999]
STUDENT_DFS = [0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.7, 10.0, 30.0, 100.25, 999.0, 1000.5, 12345.6,
               1e6, 1e9]
CHI2_DFS = [0.5, 1.0, 1.7, 2.0, 3.0, 4.25, 10.0, 19.9, 29.5, 100.0, 1000.1, 31622.7, 1e5, 1e7]


def root(f, low, high):
    """Root of the rising f: halving until near, then secants."""
    low, high = mpf(low), mpf(high)
    while high - low > mpf("1e-4"):
        middle = (low + high) / 2
        if f(middle) < 0:
            low = middle
        else:
            high = middle
    a, fa, b, fb = low, f(low), high, f(high)
    while abs(b - a) > mpf(10) ** -28:
        a, fa, b = b, fb, b - fb * (b - a) / (fb - fa)
        fb = f(b)
        if fb == fa:
            break
    return b


def normal(p):
    return -mp.sqrt(2) * mp.erfinv(1 - 2 * mpf(p))


def student_tail(t, df):
    """P(T > t), t > 0, by the incomplete beta function's series on the side that converges."""
    x, y = df / (df + t * t), t * t / (df + t * t)
    a = df / 2
    front = mp.exp(mp.loggamma(a + 0.5) - mp.loggamma(a)) / mp.sqrt(mp.pi)
    term = total = mpf(1)
    k = 0
    if y < 0.5:
        while term > total * TINY:
            term *= (a + mpf(1) / 2 + k) * y / (mpf(3) / 2 + k)
            total += term
            k += 1
        return mpf(1) / 2 - front * mp.sqrt(y) * mp.exp(a * mp.log(x)) * total
    total = 1 / a
    while term > total * TINY:
        k += 1
        term *= (k - mpf(1) / 2) / k * x
        total += term / (a + k)
    return front * mp.exp(a * mp.log(x)) * total / 2


def student(p, df):
    p, df = mpf(p), mpf(df)
    q = min(p, 1 - p)
    t = mp.exp(root(lambda u: mp.log(q) - mp.log(student_tail(mp.exp(u), df)), -30,
                    300 if df < 2 else 30 if df < 10 else 3 if df > 90 else 10))
    return -t if p < 0.5 else t


def chi2_lower(x, df):
    """P(df/2, x/2) by its series."""
    a, h = df / 2, x / 2
    term = total = 1 / a
    n = a
    while term > total * TINY:
        n += 1
        term *= h / n
        total += term
    return mp.exp(a * mp.log(h) - h - mp.loggamma(a)) * total


def chi2(p, df):
    p, df = mpf(p), mpf(df)

    def f(u):
        lower = chi2_lower(mp.exp(u), df)
        return mp.log(lower) - mp.log(p) if p < 0.5 else mp.log(1 - p) - mp.log(1 - lower)

    centre, spread = mp.log(df), 9 * mp.sqrt(2 / df)
    if df < 100:
        return mp.exp(root(f, -120, mp.log(df + 200)))
    return mp.exp(root(f, centre - spread, centre + spread))


def rows(name, dfs, quantile):
    print(f"\nstatic const stat_row {name}[] = {{")
    for df in dfs:
        for p in PS:
            print(f"    {{{p!r}, {df!r}, {mp.nstr(quantile(p, df), 20)}}},", flush=True)
    print("};")


print("/* Written by make_stat_table.py (mpmath, 60 digits); not by hand. */")
print("#ifndef DT_TEST_STAT_TABLE_H\n#define DT_TEST_STAT_TABLE_H\n")
print("/* clang-format off */")
print("typedef struct stat_row {\n  double p;\n  double df;\n  double quantile;\n} stat_row;")
rows("normal_rows", [0.0], lambda p, _: normal(p))
rows("student_rows", STUDENT_DFS, student)
rows("chi2_rows", CHI2_DFS, chi2)
print("/* clang-format on */\n\n#endif")
