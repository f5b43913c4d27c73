#include <stdarg.h>
#include <string.h>

#include "option.h"
#include "paper.h"

enum { COLUMNS = 80, OPTION_INDENT = 26 };

/* Text after `at` columns already written, broken at spaces, later lines indented. */
static void put_wrapped(dt__paper* paper, const char* text, int indent, int at) {
  while (*text) {
    int length = (int)strcspn(text, " ");
    if (at > indent && at + 1 + length > COLUMNS) {
      dt__write(paper, "\n%*s", indent, "");
      at = indent;
    } else if (at > indent) {
      dt__write(paper, " ");
      at++;
    }
    dt__write(paper, "%.*s", length, text);
    at += length;
    text += length;
    text += strspn(text, " ");
  }
  dt__write(paper, "\n");
}

static void put_option(dt__paper* paper, const dt__option* o) {
  char left[64];
  char letter[8] = "    ";
  if (o->letter)
    snprintf(letter, sizeof letter, "-%c, ", o->letter);
  snprintf(left, sizeof left, "  %s--%s%s%s", letter, o->name, o->argument ? " " : "",
           o->argument ? o->argument : "");
  dt__write(paper, "%s", left);
  int at = (int)strlen(left);
  if (at >= OPTION_INDENT) {
    dt__write(paper, "\n");
    at = 0;
  }
  dt__write(paper, "%*s", OPTION_INDENT - at, "");
  put_wrapped(paper, o->help, OPTION_INDENT, OPTION_INDENT);
}

static void put_options(dt__paper* paper, const char* title, const dt__option* options) {
  if (!options || !options->name)
    return;
  dt__write(paper, "\n%s:\n", title);
  for (const dt__option* o = options; o->name; o++)
    if (o->help)
      put_option(paper, o);
}

dt_status dt__print_program_help(dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper, "doubletime tells a drummer the truth about a take: rushing or dragging,\n"
                    "early or late, tight or not, in milliseconds, per drum.\n\n"
                    "Usage: doubletime COMMAND [OPTION]...\n\nCommands:\n");
  for (const dt__command* c = dt__commands; c->name; c++) {
    char left[48];
    snprintf(left, sizeof left, "%s%s%s", c->name, c->operand ? " " : "",
             c->operand ? c->operand : "");
    dt__write(&paper, "  %-18s%s\n", left, c->summary);
  }
  put_options(&paper, "Options of every command", dt__global_options);
  dt__write(&paper, "\nExit status: 0 done; 1 something in the world failed (a file, a damaged\n"
                    "recording, an instrument out of bounds); 2 the command line makes no sense;\n"
                    "130 stopped by Ctrl-C.\n"
                    "'doubletime help COMMAND' tells more about a command.\n");
  return paper.status;
}

dt_status dt__print_command_help(const dt__command* command, dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper, "%s: %s.\n\nUsage: doubletime %s", command->name, command->summary,
            command->name);
  if (command->operand)
    dt__write(&paper, command->operand_optional ? " [%s]" : " %s", command->operand);
  dt__write(&paper, " [OPTION]...\n");
  for (const char* const* p = command->paragraphs; p && *p; p++) {
    dt__write(&paper, "\n");
    put_wrapped(&paper, *p, 0, 0);
  }
  put_options(&paper, "Options", command->options);
  put_options(&paper, "Options of every command", dt__global_options);
  if (command->examples && command->examples[0])
    dt__write(&paper, "\nExamples:\n");
  for (const char* const* e = command->examples; e && e[0]; e += 2)
    dt__write(&paper, "  %s:\n    %s\n", e[0], e[1]);
  return paper.status;
}
