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
    "Keep it for 'doubletime history'",
    "doubletime judge take.mid --save --player Ana",
    NULL};

static const char* const listen_paragraphs[] = {
    "Hears every stroke of each FILE and writes them all: when, which drum, how hard, how sure. A "
    "FILE is a sound file (WAV, AIFF, FLAC, Ogg, Opus, MP3), a MIDI file or a list of strokes "
    "(both "
    "pass through unheard), - for standard input, or a folder: its sound files, and those of the "
    "folders in it.",
    "One FILE without --output goes to standard output: a short summary on a terminal, else CSV. "
    "Several, or a folder, are written each beside its FILE, NAME.csv for NAME.wav, or into the "
    "folder that --output names. What is there already is left alone unless --force is given, and "
    "no FILE is ever written over.",
    "Formats: csv (the takes format with a column for confidence), json (docs/listen.schema.json), "
    "midi (General MIDI drums on channel 10, times to 0.03 ms), labels (for Audacity) and text "
    "(strokes, velocity and confidence of each drum).",
    "A FILE that cannot be read costs one line on standard error and exit status 1; the others are "
    "written.",
    NULL};
static const char* const listen_examples[] = {
    "What is in this recording?",
    "doubletime listen take.wav",
    "A MIDI file of it",
    "doubletime listen take.wav -o take.mid",
    "An archive, as lists of strokes in a folder of their own",
    "doubletime listen archive/ --output strokes/",
    NULL};

static const char* const beats_paragraphs[] = {
    "Finds the beats, the bars, the tempo, the metre and the feel of each FILE: a sound file, a "
    "MIDI "
    "file or a list of strokes (CSV), - for standard input, or a folder of sound files. A click in "
    "a MIDI file is not looked at: the strokes alone speak.",
    "On a terminal one FILE gives a glance: tempo and its range, metre, feel, how sure each is, "
    "the "
    "tempi that it could be instead, fills, sections and swing. Where there is no steady pulse it "
    "says so, and invents no beats; that is no failure.",
    "Formats: csv (time_s,beat_in_bar and more), json (docs/beats.schema.json: everything), labels "
    "(for Audacity), midi (tempo map, metres and strokes, for a sequencer), click (the sound with "
    "clicks on the beats, WAV, or FLAC by the ending of --output) and text. Several FILEs are "
    "written each beside itself, NAME.beats.csv for NAME.wav, or into the folder that --output "
    "names. What is there already is left alone unless --force is given, and no FILE is ever "
    "written over.",
    "--live hears no more than has been played: every beat is called about half a beat before it "
    "comes, and the time that it took to be sure is told.",
    NULL};
static const char* const beats_examples[] = {
    "Where is one, and how fast?",
    "doubletime beats take.wav",
    "The beats for a sequencer, and for the ear",
    "doubletime beats take.wav -o take.mid && doubletime beats take.wav -o clicked.wav",
    "A count-in of four that the microphone missed",
    "doubletime beats take.wav --tap 0.52,1.02,1.52,2.02",
    NULL};

static const char* const history_paragraphs[] = {
    "Takes are kept by 'doubletime judge TAKE --save' and 'doubletime import'. The newest stand "
    "first. Options that say which takes may be mixed.",
    NULL};
static const char* const history_examples[] = {
    "What did I do this month?", "doubletime history --since 2026-03-01 --limit 0",
    "Every take of Ana's in which the ride was played and the tempo rose",
    "doubletime history --player Ana --drum ride --word rushing", NULL};

static const char* const compare_paragraphs[] = {
    "A and B are numbers of takes that were saved (doubletime history shows them), or files, which "
    "are judged first. Placement, drift and scatter of B are set against those of A, of all "
    "strokes and of each voice that has enough.",
    "REAL CHANGE: at least one number moved farther than noise moves it. NO REAL CHANGE: every "
    "difference may be noise, so play more bars before you believe it. All numbers are held "
    "together: of pairs of takes in which nothing changed, about 5 in 100 or fewer are called "
    "changed.",
    NULL};
static const char* const compare_examples[] = {
    "Did this week's practice help?", "doubletime compare 12 31",
    "Two recordings to a click of 100 bpm", "doubletime compare mon.wav fri.wav --tempo 100", NULL};

static const char* const export_paragraphs[] = {
    "One line of JSON a take, with every stroke and setting, oldest number first; 'doubletime "
    "import' reads them again without losing a digit (docs/store.md).",
    NULL};
static const char* const export_examples[] = {"A copy of everything",
                                              "doubletime export -o takes.jsonl", NULL};

static const char* const import_paragraphs[] = {
    "FILE holds lines of JSON as 'doubletime export' writes them (- is standard input), or is a "
    "recording: a MIDI file, a sound file or a list of strokes, which is judged and saved. A take "
    "that is there already is not stored twice. A take keeps its number where that is free.",
    NULL};
static const char* const import_examples[] = {
    "From another computer", "doubletime import takes.jsonl", "Last year's recordings",
    "doubletime import old.wav --player Ana --at 2025-04-30", NULL};

static const char* const play_paragraphs[] = {
    "A simulated drummer plays CHART (one of the library, which doubletime play --list names, or a "
    "file: text, MIDI or MusicXML) into a MIDI or sound file, with the faults that --as asks for. "
    "One bar of count-in is left silent before the first beat. The same seed plays the same "
    "strokes.",
    "--as takes words separated by spaces. Tempo: drift=+2bpm/min, fill=+3bpm, fill.rush=4%, "
    "section=+2bpm. Timing: placement=-5ms, scatter=9ms, clock=6ms, alpha=0.3, beta=0.1, pink=5ms. "
    "Limbs, each early (-) or late (+): kick=, snare=+8ms, hihat=, pedal=, toms=, ride=, crash=, "
    "other=; hihat.scatter=1.5x, ride.swing=58%, hihat.lead=6ms, unison=5ms; by the sticking "
    "left=+6ms, left.scatter=1.8x, left.velocity=-15, right=. Places: backbeat=+12ms, "
    "offbeat=+8ms, sixteenths=+10ms, at2.5=+8ms. Feel: swing=62%, swing.wobble=3%.",
    "Ornaments: flam=30ms, flam.sd=5ms, drag=70ms, grace=40%, roll=16/s, roll.cv=8%, "
    "roll.alternate=+6ms, roll.alternate.velocity=-15, roll.break=4s, roll.break.factor=3x. "
    "Dynamics: velocity=8 (its SD), stroke=90, accent=105, ghost=60, crescendo=+3dB/min, open=90%, "
    "half=50%, closed=5%, openness.sd=5%. Tiring: fatigue=10%/min, fatigue.tempo=-1bpm/min, "
    "fatigue.velocity=-3/min. Mistakes: miss=2%, extra=3%, wrong=2%, skip=1, skip.bar=17, "
    "repeat=1, repeat.bar=9. Whole players: machine, pro, player, beginner. Also bpm=, bars=, "
    "seed=, lead-in=0.5s.",
    NULL};
static const char* const play_examples[] = {
    "A drummer who rushes, as sound, and the truth about each stroke",
    "doubletime play rock --as \"drift=+2bpm/min scatter=9ms\" -o take.wav --truth truth.csv",
    "A beginner at 80 bpm, judged at once",
    "doubletime play rock --as beginner --tempo 80 -o - | doubletime judge -",
    "A weak left hand in a paradiddle of your own, with a bar left out",
    "doubletime play mine.txt --as \"left=+9ms left.velocity=-20 skip=1\" -o take.mid",
    NULL};

static const char* const charts_paragraphs[] = {
    "Without CHART lists the library: grooves, songs with fills, and the 40 standard drum "
    "rudiments. With words to search for, lists the charts that have all of them in their name, "
    "title or tags. With the name of one chart, or a FILE, draws it.",
    "A FILE is a chart in text (docs/charts.md), a Standard MIDI File or MusicXML, told by its "
    "content; - is standard input. --export writes any of them as any other.",
    NULL};
static const char* const charts_examples[] = {
    "All shuffles",
    "doubletime charts --list shuffle",
    "What a pataflafla is",
    "doubletime charts pataflafla",
    "A chart to change to your taste, and to print",
    "doubletime charts funk --export mine.txt && doubletime charts mine.txt --export mine.musicxml",
    NULL};

static const char* const practice_paragraphs[] = {
    "The coach counts in, listens, and says what is next: again, a little faster, slower, from bar "
    "5, two bars slowly, rest, enough. He stops a take that cannot be saved. Strokes come from the "
    "microphone, or with --midi from an electronic kit. Every take is kept.",
    "CHART is the name of a chart (doubletime charts --list), a chart's file, or a file that ends "
    "in .plan: a plan of several exercises (docs/coach.md).",
    "Keys: space pauses, goes on and ends a rest; a plays the take again; n goes to the next "
    "exercise; i shows milliseconds; q finishes.",
    "--mode: ladder finds your clean tempo and raises it; gap: silent bars that lengthen; quiet: "
    "the click fades as you deserve it; surprise: tempo jumps, dropped clicks, double-time; "
    "endurance: hold it; trade: four bars each; own: no click; retention: yesterday's tempo, cold.",
    NULL};
static const char* const practice_examples[] = {
    "Climb with the paradiddle, on an electronic kit",
    "doubletime practice paradiddle --from 90 --to 220 --midi any",
    "Keep the time through silent bars, with one microphone",
    "doubletime practice funk --mode gap --tempo 96 --latency 12.3",
    "See it without a drum: a simulated drummer, faster than real time",
    "doubletime practice rock --from 90 --drummer \"scatter=7ms\" --able 140 --fast --no-rest",
    NULL};

static const char* const serve_paragraphs[] = {
    "Shows the live page, the history, charts, progress and settings in a browser on this machine, "
    "and lets you practise from there; with CHART a session begins at once. The address that is "
    "printed has a token in it: who opens it is let in, nobody else.",
    "With --listen a tablet on the music stand may look and play too: it opens the second address "
    "and types the code, or scans it. docs/serve.md tells what is guarded, docs/api.md what "
    "programs can ask.",
    "Where a simulated drummer plays, nothing is kept unless --db names a place for it. Ctrl-C "
    "ends "
    "it; what was played is kept.",
    NULL};
static const char* const serve_examples[] = {
    "The page",
    "doubletime serve",
    "With a tablet on the music stand",
    "doubletime serve --listen 192.168.1.7",
    "See it without a drum",
    "doubletime serve rock --from 90 --drummer \"scatter=7ms\" --able 140",
    NULL};

static const char* const progress_paragraphs[] = {
    "What to do today, the most urgent first, and the clean tempo of every exercise over the days, "
    "with its 95 % interval. A clean tempo is one at which 85 in 100 takes are clean.",
    NULL};
static const char* const progress_examples[] = {"What shall I practise?", "doubletime progress",
                                                NULL};

static const char* const replay_paragraphs[] = {
    "FOLDER was recorded by 'doubletime practice --record'. What came in is heard again and every "
    "decision is compared, byte for byte; exit status 1 where one differs, with the first.",
    NULL};
static const char* const replay_examples[] = {"The same decisions?", "doubletime replay tuesday",
                                              NULL};

static const char* const calibrate_paragraphs[] = {
    "Plays chirps for eleven seconds and finds them in what comes back, through a cable from "
    "output to input or from the loudspeaker to the microphone: the round trip, its 95 % interval, "
    "its jitter, and the level. The figure is kept for this device: 'doubletime practice' "
    "subtracts it.",
    "With --pads an e-kit is learned: you are asked to strike one pad after the other (n skips "
    "one), then some of them together with the snare. FILE then says which note is which drum, "
    "and as comments what was measured: velocities, double triggers, crosstalk, and which pad "
    "speaks later. 'doubletime judge' reads it too.",
    NULL};
static const char* const calibrate_examples[] = {
    "The round trip of this room", "doubletime calibrate", "An e-kit",
    "doubletime calibrate --pads --midi any --kit-map my.kit", NULL};

static const char* const devices_paragraphs[] = {
    "Lists what sound and MIDI can come in and go out through: the JACK server (or PipeWire in its "
    "place), the sound cards through ALSA, files, and the null device. The first column is the "
    "name that other commands take.",
    "in and out are channels of sound, midi in and midi out are ports; - is none, ? is not known "
    "before the device is opened. Cards are opened for a moment, and not while another program has "
    "them.",
    NULL};
static const char* const devices_examples[] = {
    "Is my interface there?", "doubletime devices", "The same as data",
    "doubletime devices --json - | jq -r '.devices[].device'", NULL};

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
    {"listen", "FILE...", false, "a FILE: a sound file, a folder of them, or - for standard input",
     NULL, "Write every stroke that is heard in sound files", listen_paragraphs, listen_examples,
     dt__listen_options, dt__listen_command},
    {"beats", "FILE...", false,
     "a FILE: a sound file, a MIDI file, a folder, or - for standard input", NULL,
     "Find the beats, bars, tempo, metre and feel", beats_paragraphs, beats_examples,
     dt__beats_options, dt__beats_command},
    {"practice", "CHART", false, "a CHART: its name, its file, or a .plan file",
     "doubletime charts --quiet", "Practise with the coach", practice_paragraphs, practice_examples,
     dt__practice_options, dt__practice_command},
    {"serve", "CHART", true, "a CHART: its name, its file, or a .plan file",
     "doubletime charts --quiet", "Show the live page and all else in a browser", serve_paragraphs,
     serve_examples, dt__serve_options, dt__serve_command},
    {"progress", NULL, false, NULL, NULL, "Say what to do today, and how far you have come",
     progress_paragraphs, progress_examples, dt__progress_options, dt__progress_command},
    {"replay", "FOLDER", false, "the FOLDER of a recorded session", NULL,
     "Make the decisions of a recorded session again", replay_paragraphs, replay_examples,
     dt__replay_options, dt__replay_command},
    {"calibrate", NULL, false, NULL, NULL, "Measure the round trip of the sound, or learn an e-kit",
     calibrate_paragraphs, calibrate_examples, dt__calibrate_options, dt__calibrate_command},
    {"history", NULL, false, NULL, NULL, "List the takes that were saved", history_paragraphs,
     history_examples, dt__history_options, dt__history_command},
    {"compare", "A B", false, "two takes: numbers of the history, or files", NULL,
     "Say what really changed between two takes", compare_paragraphs, compare_examples,
     dt__compare_options, dt__compare_command},
    {"export", NULL, false, NULL, NULL, "Write saved takes as lines of JSON", export_paragraphs,
     export_examples, dt__export_options, dt__export_command},
    {"import", "FILE", false, "a FILE: lines of JSON, or a recording", NULL,
     "Read takes into the history", import_paragraphs, import_examples, dt__import_options,
     dt__import_command},
    {"charts", "CHART", true, "the name of a chart, a file, or words to search for",
     "doubletime charts --quiet", "List, search, draw and convert charts", charts_paragraphs,
     charts_examples, dt__charts_options, dt__charts_command},
    {"play", "CHART", true, "the name of a chart or a file", "doubletime play --list --quiet",
     "Let the simulated drummer play a chart", play_paragraphs, play_examples, dt__play_options,
     dt__play_command},
    {"devices", NULL, false, NULL, NULL, "List the devices for sound and MIDI", devices_paragraphs,
     devices_examples, dt__devices_options, dt__devices_command},
    {"selftest", NULL, false, NULL, NULL, "Measure the instrument's own error", selftest_paragraphs,
     selftest_examples, dt__selftest_options, dt__selftest_command},
    {"help", "COMMAND", true, NULL,
     "echo judge listen beats practice serve progress replay calibrate history compare export "
     "import "
     "charts play devices selftest help version",
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
