#ifndef DT_RT_POISON_H
#define DT_RT_POISON_H

/*
 * Included last by files of real-time code, after every other header: from here on the words that
 * allocate, lock, wait or print do not compile. DT_NONBLOCKING (dt/attr.h) checks what is called;
 * this checks what is written, with every compiler.
 */
#if defined(__GNUC__)
#pragma GCC poison malloc calloc realloc free aligned_alloc posix_memalign strdup
#pragma GCC poison printf fprintf vprintf vfprintf puts fputs putchar perror
#pragma GCC poison fopen fclose fread fwrite fflush
#pragma GCC poison pthread_mutex_lock pthread_cond_wait pthread_cond_signal mtx_lock cnd_wait
#pragma GCC poison sem_wait sleep usleep nanosleep clock_gettime gettimeofday
#pragma GCC poison rand random exit abort getenv system longjmp setjmp
#endif

#endif
