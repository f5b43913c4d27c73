#ifndef DT_TEST_JACK_SERVER_H
#define DT_TEST_JACK_SERVER_H

/* A JACK server of this test's own, without a sound card. Include after port_support.h. */

#include <fcntl.h>
#include <jack/jack.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct jack_server {
  pid_t pid; /* 0: none */
  char name[64];
} jack_server;

static inline bool has_jackd(void) {
  const char* path = getenv("PATH");
  char name[512];
  while (path != NULL && *path) {
    const size_t length = strcspn(path, ":");
    (void)snprintf(name, sizeof name, "%.*s/jackd", (int)length, path);
    if (access(name, X_OK) == 0)
      return true;
    path += length + (path[length] == ':');
  }
  return false;
}

static inline void hush(const char* words) {
  (void)words;
}

/* Names the server for this process and all that it starts. */
static inline jack_server jack_server_named(void) {
  jack_server server = {.pid = 0};
  (void)snprintf(server.name, sizeof server.name, "doubletime-test-%d", (int)getpid());
  setenv("JACK_DEFAULT_SERVER", server.name, 1);
  setenv("JACK_NO_START_SERVER", "1", 1);
  setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
  jack_set_error_function(hush);
  jack_set_info_function(hush);
  return server;
}

static inline bool jack_server_answers(void) {
  jack_client_t* client = jack_client_open("probe", JackNoStartServer, NULL);
  if (client != NULL)
    jack_client_close(client);
  return client != NULL;
}

/* Where it may, it runs with real-time priority: a busy machine then does not disturb it. */
static inline bool may_be_real_time(void) {
  const struct sched_param high = {.sched_priority = 10};
  const struct sched_param usual = {.sched_priority = 0};
  if (sched_setscheduler(0, SCHED_FIFO, &high) != 0)
    return false;
  (void)sched_setscheduler(0, SCHED_OTHER, &usual);
  return true;
}

/* True once it answers. */
static inline bool jack_server_start(jack_server* server, int rate_hz, int period_frames) {
  char rate[16];
  char period[16];
  (void)snprintf(rate, sizeof rate, "%d", rate_hz);
  (void)snprintf(period, sizeof period, "%d", period_frames);
  const char* priority = may_be_real_time() ? "-R" : "-r";
  server->pid = fork();
  if (server->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that is ended from outside leaves no server */
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, 0);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    execlp("jackd", "jackd", priority, "-n", server->name, "-d", "dummy", "-r", rate, "-p", period,
           (char*)NULL);
    _exit(127);
  }
  for (int i = 0; i < 200 && server->pid > 0; ++i) {
    if (jack_server_answers())
      return true;
    nap_ms(50);
  }
  return false;
}

/* SIGKILL: as if it crashed; SIGTERM: it says goodbye. */
static inline void jack_server_end(jack_server* server, int sign) {
  if (server->pid <= 0)
    return;
  kill(server->pid, sign);
  for (int i = 0; i < 100; ++i) {
    if (waitpid(server->pid, NULL, WNOHANG) == server->pid) {
      server->pid = 0;
      return;
    }
    nap_ms(50);
  }
  kill(server->pid, SIGKILL);
  waitpid(server->pid, NULL, 0);
  server->pid = 0;
}

#endif
