#define _XOPEN_SOURCE   700 /* SA_RESTART */
#define _DEFAULT_SOURCE     /* TIOCGWINSZ */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "practice.h"
#include "terminal.h"

/* The keyboard, and the terminal as it was found. */
typedef struct keyboard {
  bool is_there;
  struct termios before;
} keyboard;

static volatile sig_atomic_t sleep_asked;

static void ask_for_sleep(int number) {
  (void)number;
  sleep_asked = 1;
}

static void obey(dt__screen* screen, dt_session* session, char key) {
  switch (key) {
  case ' ':
    dt_session_press(session, DT_KEY_GO);
    break;
  case 'a':
    dt_session_press(session, DT_KEY_AGAIN);
    break;
  case 'n':
    dt_session_press(session, DT_KEY_NEXT);
    break;
  case 'i':
    screen->numbers = !screen->numbers;
    break;
  case 'q':
  case 27:
    dt_session_press(session, DT_KEY_FINISH);
    break;
  default:
    break;
  }
}

/* A key that sends several bytes (an arrow, a function key) begins with an Esc, and is none. */
static void read_keys(dt__screen* screen, dt_session* session) {
  char keys[32];
  const ssize_t count = read(STDIN_FILENO, keys, sizeof keys);
  if (count > 1 && keys[0] == 27)
    return;
  for (ssize_t i = 0; i < count; i++)
    obey(screen, session, keys[i]);
}

static void take_terminal(const dt__screen* screen, keyboard* keys) {
  keys->is_there = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &keys->before) == 0;
  if (keys->is_there) {
    struct termios raw = keys->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  if (screen->is_terminal)
    printf("\033[?1049h\033[?25l\033[2J");
}

static void give_terminal_back(const dt__screen* screen, const keyboard* keys) {
  if (screen->is_terminal)
    printf("\033[?25h\033[?1049l");
  fflush(stdout);
  if (keys->is_there)
    tcsetattr(STDIN_FILENO, TCSANOW, &keys->before);
}

static keyboard taken; /* for the second Ctrl-C, which waits for nobody */
static bool screen_is_taken;

static void put_terminal_right(void) {
  static const char whole[] = "\033[?25h\033[?1049l";
  if (screen_is_taken && write(STDOUT_FILENO, whole, sizeof whole - 1) < 0)
    return;
  if (taken.is_there)
    tcsetattr(STDIN_FILENO, TCSANOW, &taken.before);
}

/* Ctrl-Z: the shell gets its terminal whole. What is not heard meanwhile is a gap. */
static void go_to_sleep(const dt__screen* screen, keyboard* keys) {
  sleep_asked = 0;
  give_terminal_back(screen, keys);
  (void)raise(SIGSTOP);
  take_terminal(screen, keys);
}

static void measure(dt__screen* screen) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    return;
  screen->rows = size.ws_row;
  screen->columns = size.ws_col;
}

void dt__practice_attend(dt__screen* screen, dt_session* session, atomic_bool* is_over) {
  keyboard keys;
  struct sigaction on_sleep = {.sa_handler = ask_for_sleep, .sa_flags = SA_RESTART};
  struct sigaction before;
  sigemptyset(&on_sleep.sa_mask);
  const bool catches = sigaction(SIGTSTP, &on_sleep, &before) == 0;
  take_terminal(screen, &keys);
  taken = keys;
  screen_is_taken = screen->is_terminal;
  dt__before_sudden_end(put_terminal_right);
  while (!atomic_load(is_over)) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    if (!keys.is_there)
      nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    else if (poll(&in, 1, 50) > 0)
      read_keys(screen, session);
    if (sleep_asked)
      go_to_sleep(screen, &keys);
    if (dt__stop_asked())
      dt_session_press(session, DT_KEY_FINISH);
    if (!screen->is_terminal)
      continue;
    measure(screen);
    dt__screen_draw(screen, dt_session_look(session).heard);
  }
  dt__before_sudden_end(NULL);
  give_terminal_back(screen, &keys);
  if (catches)
    (void)sigaction(SIGTSTP, &before, NULL);
}
