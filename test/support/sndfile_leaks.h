#ifndef DT_TEST_SNDFILE_LEAKS_H
#define DT_TEST_SNDFILE_LEAKS_H

/* libsndfile 1.2.0 forgets what libvorbis and libopus allocated when a damaged Ogg header makes it
 * give up (5.8 kB a file). The leak checker is told to look past those libraries, and only those.
 * Include once in a program that opens damaged sound files. */

const char* __lsan_default_suppressions(void);

const char* __lsan_default_suppressions(void) {
  return "leak:libvorbis\nleak:libsndfile\nleak:libopus\nleak:libogg\n";
}

#endif
