#include <string.h>

#include "command.h"

static const char* const judge_paragraphs[] = {
    "TAKE is a Standard MIDI File from an electronic kit, a sound file (WAV, AIFF, FLAC, Ogg, "
    "Opus, MP3; one microphone is enough), a list of strokes (CSV, as --csv writes it), or - for "
    "standard input.",
    "Without options the click written in a MIDI file is the measure; for sound, tempo and phase "
    "are found in your strokes, as with --free. With --tempo the tempo is yours to say; add "
    "--start when you know where the first beat of bar 1 falls, so that placement can be judged "
    "too.",
    "The first line is the verdict: RUSHING (your tempo rose), DRAGGING (it fell), SCATTERED "
    "(steady, but spread wider than the limit of the level), IN THE POCKET, or CAN'T TELL YET. "
    "Three lines say why: placement (you were early or late), drift (your tempo moved), scatter "
    "(how tight), each with its 95 % interval. Then the same for each voice of the kit.",
    "When an output goes to standard output, or --quiet stands beside an output, the text is not "
    "printed.",
    NULL};
static const char* const judge_examples[] = {
    "Were you rushing or dragging?",
    "doubletime judge take.mid",
    "A recording to a click of 96 bpm that starts after 2.5 s",
    "doubletime judge take.wav --tempo 96 --start 2.5",
    "Every stroke as data",
    "doubletime judge take.flac --free --json - | jq .verdict",
    NULL};

static const char* const play_paragraphs[] = {
    "A simulated drummer plays GROOVE (doubletime play --list names them) into a MIDI or sound "
    "file, with the faults that --as asks for. One bar of count-in is left silent before the first "
    "beat. The same seed plays the same strokes.",
    "--as takes words separated by spaces. Faults: drift=+2bpm/min, placement=-5ms, scatter=9ms, "
    "clock=6ms, alpha=0.3, beta=0.1, pink=5ms, fatigue=10%/min, miss=2%. Feel: swing=62%, "
    "velocity=8, flam=30ms. Limbs, each early (-) or late (+): kick=, snare=+8ms, hihat=, pedal=, "
    "toms=, ride=, crash=, other=; and hihat.scatter=1.5x. Whole players: machine, pro, player, "
    "beginner. Also bpm=, bars=, seed=, lead-in=0.5s.",
    NULL};
static const char* const play_examples[] = {
    "A drummer who rushes, as sound, and the truth about each stroke",
    "doubletime play rock --as \"drift=+2bpm/min scatter=9ms\" -o take.wav --truth truth.csv",
    "A beginner at 80 bpm, judged at once",
    "doubletime play rock --as beginner --tempo 80 -o - | doubletime judge -", NULL};

static const char* const selftest_paragraphs[] = {
    "Plays strokes whose times are known into itself: a seeded drummer through the built-in kit, "
    "as sound, into the ear and the judge. Prints the instrument's own bias and jitter, drum by "
    "drum, and whether the judge finds the placement, drift and scatter that were put in.",
    "Exit status 1 when the instrument is out of bounds: a bias of 0.2 ms or more, a jitter of "
    "0.3 ms or more, a missed stroke, or a truth outside the judge's interval.",
    NULL};
static const char* const selftest_examples[] = {"How exact is this instrument?",
                                                "doubletime selftest", NULL};

const dt__command dt__commands[] = {
    {"judge", "TAKE", false, "a TAKE: a MIDI file, a sound file, or - for standard input", NULL,
     "Say whether a take rushed, dragged or sat in the pocket", judge_paragraphs, judge_examples,
     dt__judge_options, dt__judge_command},
    {"play", "GROOVE", true, "the name of a groove", "doubletime play --list --quiet",
     "Let the simulated drummer play a groove", play_paragraphs, play_examples, dt__play_options,
     dt__play_command},
    {"selftest", NULL, false, NULL, NULL, "Measure the instrument's own error", selftest_paragraphs,
     selftest_examples, dt__selftest_options, dt__selftest_command},
    {"help", "COMMAND", true, NULL, "echo judge play selftest help version",
     "Tell how to use the program or a command", NULL, NULL, NULL, dt__help_command},
    {"version", NULL, false, NULL, NULL, "Show the version", NULL, NULL, NULL, dt__version_command},
    {NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const dt__command* dt__command_named(const char* name) {
  for (const dt__command* c = dt__commands; c->name; c++)
    if (strcmp(c->name, name) == 0)
      return c;
  return NULL;
}
