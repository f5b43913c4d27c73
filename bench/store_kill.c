/* Is what was acknowledged there after a kill? */
#include "store_bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dt/rng.h"

enum { PATH = 1024, LOOPS_MAX = 10000 };

static FILE* sink_file;

static dt_status to_file(void* ctx, const void* bytes, size_t size) {
  (void)ctx;
  return fwrite(bytes, 1, size, sink_file) == size ? DT_OK : DT_IO;
}

/* A line of its own for import k: times are moved by a microsecond each, so no take is known. */
static void write_line(const char* path, const dt_record* pattern, int k) {
  char name[32];
  dt_record r = *pattern;
  const dt_sink sink = {to_file, NULL};
  snprintf(name, sizeof name, "kill-%d", k);
  r.number = 0;
  r.file = name;
  r.take.duration_s += 1.0 + 1e-6 * k;
  sink_file = fopen(path, "wb");
  if (!sink_file || dt_record_write(&r, sink) != DT_OK || fclose(sink_file) != 0) {
    bench_die(path);
  }
}

static pid_t start(const char* program, const char* db, const char* line, int* words) {
  int ends[2];
  if (pipe(ends) != 0) {
    bench_die("no pipe");
  }
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(program, program, "import", line, "--db", db, (char*)NULL);
    _exit(127);
  }
  close(ends[1]);
  *words = ends[0];
  return child;
}

static void wait_us(double us) {
  struct timespec t = {.tv_sec = 0, .tv_nsec = (long)(us * 1e3)};
  nanosleep(&t, NULL);
}

/* Runs import k and kills it after delay_us (< 0: never). True when it said that the take was
 * stored. */
static bool run(const char* program, const char* db, const char* line, double delay_us,
                bool* was_killed) {
  int words = -1;
  int how = 0;
  char said[512];
  size_t size = 0;
  const pid_t child = start(program, db, line, &words);
  if (delay_us >= 0) {
    wait_us(delay_us);
    kill(child, SIGKILL);
  }
  ssize_t got = 1;
  while (size < sizeof said - 1 && got > 0) {
    got = read(words, said + size, sizeof said - 1 - size);
    size += got > 0 ? (size_t)got : 0;
  }
  said[size] = '\0';
  close(words);
  waitpid(child, &how, 0);
  *was_killed = WIFSIGNALED(how) != 0;
  if (!*was_killed && (!WIFEXITED(how) || WEXITSTATUS(how) != 0)) {
    bench_die(said);
  }
  return strstr(said, ": 1 takes stored") != NULL;
}

typedef struct presence {
  bool* there;
  size_t count;
} presence;

static bool see(void* ctx, const dt_listed* listed) {
  presence* p = ctx;
  int k = -1;
  if (listed->file && sscanf(listed->file, "kill-%d", &k) == 1 && k >= 0 && k < LOOPS_MAX) {
    p->there[k] = true;
  }
  ++p->count;
  return true;
}

static double typical_us(const char* program, const char* db, const char* line) {
  bool killed = false;
  const double start_s = bench_now_s();
  (void)run(program, db, line, -1, &killed);
  return 1e6 * (bench_now_s() - start_s);
}

void bench_kills(const char* program, const dt_record* pool, size_t pool_count, const char* folder,
                 int loops, uint64_t seed) {
  static bool told[LOOPS_MAX];
  static bool there[LOOPS_MAX];
  char db[PATH];
  char line[PATH];
  char side[PATH + 8];
  presence p = {there, 0};
  dt_rng rng = dt_rng_seeded(seed, 9);
  int killed = 0;
  int acknowledged = 0;
  int lost = 0;
  int whole_untold = 0;
  snprintf(db, sizeof db, "%s/bench-kill.db", folder);
  snprintf(line, sizeof line, "%s/bench-kill.jsonl", folder);
  remove(db);
  write_line(line, &pool[0], loops);
  double us = typical_us(program, db, line); /* makes the database */
  write_line(line, &pool[0], loops + 1);
  us = typical_us(program, db, line);
  for (int k = 0; k < loops; ++k) {
    bool was_killed = false;
    write_line(line, &pool[(size_t)k % pool_count], k);
    told[k] = run(program, db, line, dt_rng_uniform(&rng) * 1.3 * us, &was_killed);
    killed += was_killed;
    acknowledged += told[k];
  }
  dt_store* store = NULL;
  dt_error err = {0};
  const dt_filter all = dt_filter_all();
  const bool opened = dt_store_open(&store, db, NULL, &err) == DT_OK;
  const bool sound = opened && dt_store_check(store, &err) == DT_OK &&
                     dt_store_list(store, &all, see, &p, NULL, &err) == DT_OK;
  dt_store_close(store);
  for (int k = 0; k < loops; ++k) {
    lost += told[k] && !there[k];
    whole_untold += there[k] && !told[k];
  }
  printf(
      "### kill -9\n\n%d imports of one take by the whole program, each killed after a random "
      "time of up to 1.3 times what an import takes (%.1f ms); seed %llu. %d were killed before "
      "they ended. %d had said that the take was stored; of those %d are lost. %d more are there "
      "whole, killed between commit and word. The database %s, integrity_check and "
      "foreign_key_check %s.\n\n",
      loops, us / 1e3, (unsigned long long)seed, killed, acknowledged, lost, whole_untold,
      opened ? "opens" : "DOES NOT OPEN", sound ? "are in order" : "FAIL");
  if (!sound || lost > 0) {
    bench_die(err.sentence);
  }
  remove(line);
  remove(db);
  snprintf(side, sizeof side, "%s-wal", db);
  remove(side);
  snprintf(side, sizeof side, "%s-shm", db);
  remove(side);
}
