#ifndef DT_ATTR_H
#define DT_ATTR_H

/*
 * Attributes that make a contract part of a function's type.
 *
 * DT_NODISCARD    the result carries an error and may not be dropped.
 * DT_NONBLOCKING  real-time safe: no allocation, lock, system call or printf. Recent clang checks
 *                 it (-Wfunction-effects, -fsanitize=realtime); older compilers see nothing.
 * DT_PRINTF(f, a) argument f is a printf format for the arguments from a on.
 */
#if defined(__GNUC__)
#define DT_NODISCARD    __attribute__((warn_unused_result))
#define DT_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define DT_NODISCARD
#define DT_PRINTF(f, a)
#endif

#if defined(__clang__) && __clang_major__ >= 20
#define DT_NONBLOCKING __attribute__((nonblocking))
#else
#define DT_NONBLOCKING
#endif

#endif
