#include <ctype.h>
#include <string.h>

#include "option.h"
#include "paper.h"

/* Changed with each release, never taken from the clock: the page must not depend on the day. */
#define MAN_DATE "2026-11-22"

/* roff's own signs made harmless. */
static void put_roff(dt__paper* paper, const char* text) {
  bool at_start = true;
  for (; *text; text++) {
    if (at_start && (*text == '.' || *text == '\''))
      dt__write(paper, "\\&");
    at_start = *text == '\n';
    if (*text == '-')
      dt__write(paper, "\\-");
    else if (*text == '\\')
      dt__write(paper, "\\e");
    else
      dt__write(paper, "%c", *text);
  }
}

enum { SOURCE_COLUMNS = 72 };

/* As roff wants them: lines of source below 80 columns, and a new one after each sentence. */
static void put_sentences(dt__paper* paper, const char* text, const char* stop) {
  size_t column = 0;
  while (*text) {
    size_t length = strcspn(text, " ");
    char word[128];
    snprintf(word, sizeof word, "%.*s", (int)length, text);
    if (column > 0)
      dt__write(paper, column + length > SOURCE_COLUMNS ? "\n" : " ");
    column = column + length > SOURCE_COLUMNS ? length : column + length + 1;
    put_roff(paper, word);
    text += length;
    text += strspn(text, " ");
    if (*text && word[length - 1] == '.') {
      dt__write(paper, "\n");
      column = 0;
    }
  }
  dt__write(paper, "%s\n", stop);
}

static void put_option(dt__paper* paper, const dt__option* o) {
  dt__write(paper, ".TP\n");
  if (o->letter)
    dt__write(paper, "\\fB\\-%c\\fR, ", o->letter);
  dt__write(paper, "\\fB");
  char name[40];
  snprintf(name, sizeof name, "--%s", o->name);
  put_roff(paper, name);
  dt__write(paper, "\\fR");
  if (o->argument)
    dt__write(paper, " \\fI%s\\fR", o->argument);
  dt__write(paper, "\n");
  put_sentences(paper, o->help, ".");
}

static void put_options(dt__paper* paper, const dt__option* options) {
  for (const dt__option* o = options; o && o->name; o++)
    if (o->help)
      put_option(paper, o);
}

static void put_command(dt__paper* paper, const dt__command* c) {
  dt__write(paper, ".SS doubletime %s", c->name);
  if (c->operand)
    dt__write(paper, c->operand_optional ? " [%s]" : " %s", c->operand);
  dt__write(paper, " [OPTION]...\n");
  put_sentences(paper, c->summary, ".");
  for (const char* const* p = c->paragraphs; p && *p; p++) {
    dt__write(paper, ".PP\n");
    put_sentences(paper, *p, "");
  }
  put_options(paper, c->options);
}

static void put_examples(dt__paper* paper, const dt__command* c) {
  for (const char* const* e = c->examples; e && e[0]; e += 2) {
    dt__write(paper, ".TP\n");
    put_roff(paper, e[0]);
    dt__write(paper, "\n\\fB");
    put_roff(paper, e[1]);
    dt__write(paper, "\\fR\n");
  }
}

dt_status dt__print_man(dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper,
            ".TH DOUBLETIME 1 %s \"doubletime %s\" \"User Commands\"\n"
            ".SH NAME\n"
            "doubletime \\- tells a drummer the truth about a take\n"
            ".SH SYNOPSIS\n",
            MAN_DATE, DT__VERSION);
  dt__write(&paper, ".B doubletime\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n");
  put_sentences(&paper,
                "Hears every stroke of a take, from a MIDI file or a recording, and says whether "
                "you were rushing or dragging, early or late, tight or scattered, in "
                "milliseconds, per drum, with the uncertainty of its own claim. A file called - "
                "is standard output (for a take: standard input). Messages, progress and errors "
                "go to standard error.",
                "");
  dt__write(&paper, ".SH COMMANDS\n");
  for (const dt__command* c = dt__commands; c->name; c++)
    put_command(&paper, c);
  dt__write(&paper, ".SH OPTIONS\nEvery command takes these.\n");
  put_options(&paper, dt__global_options);
  dt__write(&paper, ".SH EXIT STATUS\n"
                    ".TP\n.B 0\nDone.\n"
                    ".TP\n.B 1\nSomething in the world failed: a file, a damaged recording,\nan "
                    "instrument out of bounds.\n"
                    ".TP\n.B 2\nThe command line makes no sense.\n"
                    ".TP\n.B 130\nStopped by Ctrl\\-C; unfinished files were removed.\n"
                    ".SH ENVIRONMENT\n"
                    ".TP\n.B NO_COLOR\nWhen set and not empty, no colours unless "
                    "\\fB\\-\\-color always\\fR is given.\n"
                    ".TP\n.B LC_ALL\\fR, \\fBLC_CTYPE\\fR, \\fBLANG\nWhether the text may use "
                    "signs beyond ASCII.\n"
                    ".SH EXAMPLES\n");
  for (const dt__command* c = dt__commands; c->name; c++)
    put_examples(&paper, c);
  return paper.status;
}
