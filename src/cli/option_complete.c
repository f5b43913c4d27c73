#include <string.h>

#include "option.h"
#include "paper.h"

static bool takes_file(const dt__option* o) {
  return o->kind == DT__FILE_IN || o->kind == DT__FILE_OUT;
}

/* ---- bash ---- */

static void bash_values(dt__paper* paper, const dt__option* options, const char* command) {
  for (const dt__option* o = options; o && o->name; o++) {
    if (!o->help || !o->argument)
      continue;
    dt__write(paper, "    %s/--%s", command, o->name);
    if (o->letter)
      dt__write(paper, "|%s/-%c", command, o->letter);
    dt__write(paper, ")\n");
    if (o->choices) {
      dt__write(paper, "      mapfile -t COMPREPLY < <(compgen -W \"");
      for (size_t i = 0; o->choices[i]; i++)
        dt__write(paper, "%s%s", i ? " " : "", o->choices[i]);
      dt__write(paper, "\" -- \"$cur\")\n");
    } else if (takes_file(o)) {
      dt__write(paper, "      mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                       "      compopt -o filenames\n");
    } else {
      dt__write(paper, "      COMPREPLY=()\n");
    }
    dt__write(paper, "      return ;;\n");
  }
}

static void bash_names(dt__paper* paper, const dt__option* options) {
  for (const dt__option* o = options; o && o->name; o++)
    if (o->help)
      dt__write(paper, " --%s", o->name);
}

static void put_bash(dt__paper* paper) {
  dt__write(paper, "# bash completion for doubletime, made from its option table\n"
                   "_doubletime() {\n"
                   "  local cur prev command=\"\" i\n"
                   "  cur=${COMP_WORDS[COMP_CWORD]}\n"
                   "  prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                   "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                   "    if [[ ${COMP_WORDS[i]} != -* ]]; then command=${COMP_WORDS[i]}; break; fi\n"
                   "  done\n"
                   "  case $command/$prev in\n");
  for (const dt__command* c = dt__commands; c->name; c++)
    bash_values(paper, c->options, c->name);
  bash_values(paper, dt__global_options, "*");
  dt__write(paper, "  esac\n"
                   "  case $command in\n"
                   "    \"\") mapfile -t COMPREPLY < <(compgen -W \"");
  for (const dt__command* c = dt__commands; c->name; c++)
    dt__write(paper, "%s ", c->name);
  bash_names(paper, dt__global_options);
  dt__write(paper, "\" -- \"$cur\") ; return ;;\n");
  for (const dt__command* c = dt__commands; c->name; c++) {
    dt__write(paper,
              "    %s)\n      if [[ $cur == -* ]]; then\n"
              "        mapfile -t COMPREPLY < <(compgen -W \"",
              c->name);
    bash_names(paper, c->options);
    bash_names(paper, dt__global_options);
    dt__write(paper, "\" -- \"$cur\")\n");
    if (c->operand && c->operand_lister)
      dt__write(paper,
                "      else\n        mapfile -t COMPREPLY < <(compgen -W "
                "\"$(%s 2>/dev/null)\" -- \"$cur\")\n",
                c->operand_lister);
    else if (c->operand)
      dt__write(paper, "      else\n"
                       "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                       "        compopt -o filenames\n");
    dt__write(paper, "      fi ;;\n");
  }
  dt__write(paper, "  esac\n}\ncomplete -F _doubletime doubletime\n");
}

/* ---- zsh ---- */

/* Inside single quotes and an _arguments description. */
static void put_zsh_text(dt__paper* paper, const char* text) {
  for (; *text; text++) {
    if (*text == '\'')
      dt__write(paper, "'\\''");
    else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
      dt__write(paper, "\\%c", *text);
    else
      dt__write(paper, "%c", *text);
  }
}

static void zsh_options(dt__paper* paper, const dt__option* options) {
  for (const dt__option* o = options; o && o->name; o++) {
    if (!o->help)
      continue;
    if (o->letter)
      dt__write(paper, "        '(-%c --%s)'{-%c,--%s}'[", o->letter, o->name, o->letter, o->name);
    else
      dt__write(paper, "        '--%s[", o->name);
    put_zsh_text(paper, o->help);
    dt__write(paper, "]");
    if (o->argument) {
      dt__write(paper, ":%s:", o->argument);
      if (o->choices) {
        dt__write(paper, "(");
        for (size_t i = 0; o->choices[i]; i++)
          dt__write(paper, "%s%s", i ? " " : "", o->choices[i]);
        dt__write(paper, ")");
      } else if (takes_file(o)) {
        dt__write(paper, "_files");
      } else {
        dt__write(paper, " ");
      }
    }
    dt__write(paper, "' \\\n");
  }
}

static void put_zsh(dt__paper* paper) {
  dt__write(paper, "#compdef doubletime\n# zsh completion, made from doubletime's option table\n"
                   "_doubletime() {\n"
                   "  local -a commands\n  commands=(\n");
  for (const dt__command* c = dt__commands; c->name; c++) {
    dt__write(paper, "    '%s:", c->name);
    put_zsh_text(paper, c->summary);
    dt__write(paper, "'\n");
  }
  dt__write(paper, "  )\n"
                   "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                   "    _describe command commands\n    return\n  fi\n"
                   "  case $words[2] in\n");
  for (const dt__command* c = dt__commands; c->name; c++) {
    dt__write(paper, "    %s)\n      shift words; (( CURRENT-- ))\n      _arguments -s \\\n",
              c->name);
    zsh_options(paper, c->options);
    zsh_options(paper, dt__global_options);
    if (c->operand && c->operand_lister)
      dt__write(paper, "        '*:%s:(${(f)\"$(%s 2>/dev/null)\"})'\n", c->operand,
                c->operand_lister);
    else if (c->operand)
      dt__write(paper, "        '*:%s:_files'\n", c->operand);
    else
      dt__write(paper, "        '*: :'\n");
    dt__write(paper, "      ;;\n");
  }
  dt__write(paper, "    *)\n      _arguments -s \\\n");
  zsh_options(paper, dt__global_options);
  dt__write(paper, "        '*: :'\n      ;;\n  esac\n}\n_doubletime \"$@\"\n");
}

/* ---- fish ---- */

static void put_fish_text(dt__paper* paper, const char* text) {
  for (; *text; text++) {
    if (*text == '\'' || *text == '\\')
      dt__write(paper, "\\");
    dt__write(paper, "%c", *text);
  }
}

static void fish_options(dt__paper* paper, const dt__option* options, const char* command) {
  for (const dt__option* o = options; o && o->name; o++) {
    if (!o->help)
      continue;
    dt__write(paper, "complete -c doubletime");
    if (command)
      dt__write(paper, " -n '__fish_seen_subcommand_from %s'", command);
    if (o->letter)
      dt__write(paper, " -s %c", o->letter);
    dt__write(paper, " -l %s", o->name);
    if (o->argument && takes_file(o)) {
      dt__write(paper, " -r -F");
    } else if (o->argument) {
      dt__write(paper, " -x");
      if (o->choices) {
        dt__write(paper, " -a '");
        for (size_t i = 0; o->choices[i]; i++)
          dt__write(paper, "%s%s", i ? " " : "", o->choices[i]);
        dt__write(paper, "'");
      }
    }
    dt__write(paper, " -d '");
    put_fish_text(paper, o->help);
    dt__write(paper, "'\n");
  }
}

static void put_fish(dt__paper* paper) {
  dt__write(paper, "# fish completion for doubletime, made from its option table\n"
                   "complete -c doubletime -f\n");
  for (const dt__command* c = dt__commands; c->name; c++) {
    dt__write(paper, "complete -c doubletime -n __fish_use_subcommand -a %s -d '", c->name);
    put_fish_text(paper, c->summary);
    dt__write(paper, "'\n");
    if (c->operand && c->operand_lister)
      dt__write(paper,
                "complete -c doubletime -n '__fish_seen_subcommand_from %s' -a '(%s "
                "2>/dev/null)'\n",
                c->name, c->operand_lister);
    else if (c->operand)
      dt__write(paper, "complete -c doubletime -n '__fish_seen_subcommand_from %s' -F\n", c->name);
    fish_options(paper, c->options, c->name);
  }
  fish_options(paper, dt__global_options, NULL);
}

dt_status dt__print_completions(int shell, dt_sink sink) {
  dt__paper paper = {sink, DT_OK};
  if (shell == DT__SHELL_BASH)
    put_bash(&paper);
  else if (shell == DT__SHELL_ZSH)
    put_zsh(&paper);
  else
    put_fish(&paper);
  return paper.status;
}
