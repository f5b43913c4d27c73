#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/failing_allocator.h"
#include "exchange_support.h"

static dt_status read_text(dt_chart* chart, const char* text, dt_error* err) {
  return dt_chart_from_musicxml(chart, NULL, text, strlen(text), err);
}

/* ---- scores of other programs */

#define SCORE(list, body)                                                                          \
  "<?xml version=\"1.0\"?><score-partwise version=\"4.0\"><work><work-title>T</work-title></work>" \
  "<part-list><score-part id=\"P1\"><part-name>Kit</part-name>" list "</score-part></part-list>"   \
  "<part id=\"P1\">" body "</part></score-partwise>"
#define MEASURE(number, body) "<measure number=\"" number "\">" body "</measure>"
#define ATTRIBUTES                                                                                 \
  "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"      \
  "<clef><sign>percussion</sign></clef></attributes>"
#define PLACE(step, octave)                                                                        \
  "<unpitched><display-step>" step "</display-step><display-octave>" octave                        \
  "</display-octave></unpitched>"
#define NOTE(step, octave, duration, more)                                                         \
  "<note>" PLACE(step, octave) "<duration>" duration "</duration>" more "</note>"
#define REST(duration) "<note><rest/><duration>" duration "</duration></note>"

static void parse(dt_chart* chart, const char* text) {
  dt_error err = {.sentence = ""};
  if (read_text(chart, text, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  is_valid(chart);
}

static void is_note(const dt_chart* chart, size_t i, dt_tick tick, dt_drum drum, dt_loud loud,
                    dt_ornament ornament) {
  assert_true(i < chart->note_count);
  const dt_chart_note* note = &chart->notes[i];
  assert_int_equal(note->tick, tick);
  assert_int_equal(note->drum, drum);
  assert_int_equal(note->loud, loud);
  assert_int_equal(note->ornament, ornament);
}

#define INSTRUMENT(id, name, number)                                                               \
  "<score-instrument id=\"" id "\"><instrument-name>" name "</instrument-name>"                    \
  "</score-instrument><midi-instrument id=\"" id "\"><midi-unpitched>" number                      \
  "</midi-unpitched></midi-instrument>"
#define PLAYS(id) "<instrument id=\"" id "\"/>"

static void instruments_name_their_drums(void** state) {
  (void)state;
  dt_chart chart;
  /* 47 is the open hi-hat, 46, of General MIDI: midi-unpitched counts from 1. */
  parse(&chart, SCORE(INSTRUMENT("a", "Klein", "47") INSTRUMENT("b", "Electric Snare", "41"),
                      MEASURE("1", ATTRIBUTES NOTE("C", "4", "4", PLAYS("a"))
                                       NOTE("C", "4", "4", PLAYS("b")) REST("8"))));
  assert_int_equal(chart.note_count, 2);
  is_note(&chart, 0, 0, DT_HIHAT_OPEN, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 1, 960, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  assert_string_equal(chart.title, "T");
  dt_chart_clear(&chart, NULL);
  /* A program that counts from 0 gives itself away by its names. */
  parse(&chart, SCORE(INSTRUMENT("a", "Ride Cymbal 1", "51") INSTRUMENT("b", "Acoustic Snare", "38")
                          INSTRUMENT("c", "?", "46"),
                      MEASURE("1", ATTRIBUTES NOTE("C", "4", "4", PLAYS("c")) REST("12"))));
  is_note(&chart, 0, 0, DT_HIHAT_OPEN, DT_LOUD_NORMAL, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

static void places_name_drums_where_nothing_else_does(void** state) {
  (void)state;
  dt_chart chart;
  parse(
      &chart,
      SCORE("", MEASURE("1", ATTRIBUTES NOTE("F", "4", "4", "") NOTE(
                                 "C", "5", "4", "<notehead parentheses=\"yes\">normal</notehead>")
                                 NOTE("G", "5", "4", "<notehead>circle-x</notehead>")
                                     NOTE("D", "4", "2", "<notehead>x</notehead>") NOTE(
                                         "G", "5", "2",
                                         "<notehead>x</notehead>"
                                         "<notations><technical><open/></technical>"
                                         "<articulations><accent/></articulations></notations>"))));
  is_note(&chart, 0, 0, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 1, 960, DT_SNARE, DT_LOUD_GHOST, DT_PLAIN);
  is_note(&chart, 2, 1920, DT_HIHAT_OPEN, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 3, 2880, DT_HIHAT_PEDAL, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 4, 3360, DT_HIHAT_OPEN, DT_LOUD_ACCENT, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

#define GRACE(step, octave) "<note><grace/>" PLACE(step, octave) "<type>16th</type></note>"
#define TREMOLO(type, slashes)                                                                     \
  "<notations><ornaments><tremolo type=\"" type "\">" slashes "</tremolo></ornaments></notations>"

static void graces_are_flams_and_drags_and_slashes_are_rolls(void** state) {
  (void)state;
  dt_chart chart;
  parse(&chart,
        SCORE("", MEASURE("1", ATTRIBUTES GRACE("C", "5") NOTE("C", "5", "4", "") GRACE("C", "5")
                                   GRACE("C", "5") NOTE("C", "5", "4", "") NOTE(
                                       "C", "5", "4", "<type>quarter</type>" TREMOLO("single", "2"))
                                       NOTE("C", "5", "4",
                                            "<tie type=\"start\"/>"
                                            "<type>quarter</type>" TREMOLO("unmeasured", "0")))
                      MEASURE("2", NOTE("C", "5", "8",
                                        "<tie type=\"stop\"/>"
                                        "<type>half</type>" TREMOLO("unmeasured", "0"))
                                       NOTE("C", "5", "8", ""))));
  assert_int_equal(chart.note_count, 5);
  is_note(&chart, 0, 0, DT_SNARE, DT_LOUD_NORMAL, DT_FLAM);
  is_note(&chart, 1, 960, DT_SNARE, DT_LOUD_NORMAL, DT_DRAG);
  is_note(&chart, 2, 1920, DT_SNARE, DT_LOUD_NORMAL, DT_ROLL);
  assert_int_equal(chart.notes[2].length, 960);
  assert_int_equal(chart.notes[2].roll_step, 240);
  is_note(&chart, 3, 2880, DT_SNARE, DT_LOUD_NORMAL, DT_ROLL);
  assert_int_equal(chart.notes[3].length, 2880);
  assert_int_equal(chart.notes[3].roll_step, 0);
  is_note(&chart, 4, 5760, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

static void voices_chords_and_rounded_tuplets_fall_on_their_ticks(void** state) {
  (void)state;
  dt_chart chart;
#define TRIPLET(duration)                                                                          \
  NOTE("C", "5", duration,                                                                         \
       "<type>eighth</type><time-modification><actual-notes>3</actual-notes>"                      \
       "<normal-notes>2</normal-notes></time-modification>")
  parse(&chart,
        SCORE("", MEASURE("1", "<attributes><divisions>256</divisions>"
                               "<time><beats>2</beats><beat-type>4</beat-type></time>"
                               "<clef><sign>percussion</sign></clef></attributes>" TRIPLET(
                                   "85") TRIPLET("85") TRIPLET("86")
                                   NOTE("C", "5", "256", "") "<note><chord/>" PLACE(
                                       "A", "5") "<duration>256</duration>"
                                                 "</note><backup><duration>512</duration></backup>"
                                                 "<forward><duration>384</duration></forward>" NOTE(
                                                     "F", "4", "128", ""))));
  assert_int_equal(chart.note_count, 6);
  is_note(&chart, 1, 320, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 2, 640, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 3, 960, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 4, 960, DT_CRASH, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 5, 1440, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  assert_int_equal(chart.bar_count, 1);
  dt_chart_clear(&chart, NULL);
}

#define BEAT      NOTE("F", "4", "4", "")
#define BAR       BEAT BEAT BEAT BEAT
#define FORWARD   "<barline location=\"left\"><repeat direction=\"forward\"/></barline>"
#define BACKWARD  "<barline location=\"right\"><repeat direction=\"backward\"/></barline>"
#define ENDING(n) "<barline location=\"left\"><ending number=\"" n "\" type=\"start\"/></barline>"
#define END_ENDING(n, repeat)                                                                      \
  "<barline location=\"right\"><ending number=\"" n "\" type=\"stop\"/>" repeat "</barline>"

/* The bars as played, from 1. */
static void plays(const char* text, const char* expected) {
  dt_chart chart;
  dt_part part;
  parse(&chart, text);
  assert_int_equal(dt_part_from_chart(&part, NULL, &chart, 0, 0), DT_OK);
  char played[256] = "";
  for (size_t i = 0; i < part.bar_count; i++)
    snprintf(played + strlen(played), sizeof played - strlen(played), "%s%d", i > 0 ? " " : "",
             part.bars[i].written + 1);
  assert_string_equal(played, expected);
  /* And it can be written again, with bar lines or without. */
  (void)comes_back(&chart, "played");
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

static void repeats_endings_and_jumps_are_followed(void** state) {
  (void)state;
  plays(SCORE("", MEASURE("1", ATTRIBUTES BAR) MEASURE("2", FORWARD BAR) MEASURE("3", BAR BACKWARD)
                      MEASURE("4", BAR)),
        "1 2 3 2 3 4");
  plays(SCORE("", MEASURE("1", ATTRIBUTES BAR "<barline><repeat direction=\"backward\" "
                                              "times=\"4\"/></barline>") MEASURE("2", BAR)),
        "1 1 1 1 2");
  plays(SCORE("", MEASURE("1", ATTRIBUTES BAR)
                      MEASURE("2", ENDING("1, 2")
                                       BAR END_ENDING("1, 2", "<repeat direction=\"backward\"/>"))
                          MEASURE("3", ENDING("3") BAR END_ENDING("3", "")) MEASURE("4", BAR)),
        "1 2 1 2 1 3 4");
  plays(SCORE("", MEASURE("1", ATTRIBUTES BAR) MEASURE("2", BAR "<sound fine=\"yes\"/>")
                      MEASURE("3", BAR "<direction><direction-type><words>D.C. al Fine</words>"
                                       "</direction-type><sound dacapo=\"yes\"/></direction>")),
        "1 2 3 1 2");
  plays(SCORE("", MEASURE("1", ATTRIBUTES BAR) MEASURE("2", "<sound segno=\"s\"/>" BAR) MEASURE(
                      "3", BAR "<sound tocoda=\"c\"/>") MEASURE("4", BAR "<sound dalsegno=\"s\"/>")
                      MEASURE("5", "<sound coda=\"c\"/>" BAR)),
        "1 2 3 4 2 3 5");
}

static void short_first_bars_are_pickups_and_metres_change(void** state) {
  (void)state;
  dt_chart chart;
  parse(&chart, SCORE("", "<measure number=\"0\" implicit=\"yes\">" ATTRIBUTES BEAT
                          "</measure>" MEASURE("1", BAR) MEASURE(
                              "2", "<attributes><time><beats>3+2</beats>"
                                   "<beat-type>8</beat-type></time></attributes>" BEAT BEAT NOTE(
                                       "F", "4", "2", ""))));
  assert_int_equal(chart.bar_count, 3);
  is_note(&chart, 0, 2880, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 1, 3840, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  assert_int_equal(dt_tempo_map_meter(&chart.map, 7680).numerator, 5);
  assert_int_equal(dt_tempo_map_meter(&chart.map, 7680).denominator, 8);
  dt_chart_clear(&chart, NULL);
}

#define TIME(more)     "<attributes><divisions>4</divisions><time>" more "</time></attributes>"
#define KICK(duration) NOTE("F", "4", duration, "")

/* Metres of the bars as N/D, and that they hold what was written in them. */
static void has_metres(const char* text, const char* expected) {
  dt_chart chart;
  parse(&chart, text);
  char metres[256] = "";
  for (int bar = 0; bar < chart.bar_count; bar++) {
    const dt_meter m = dt_tempo_map_meter(&chart.map, (double)dt_chart_bar_tick(&chart, bar));
    snprintf(metres + strlen(metres), sizeof metres - strlen(metres), "%s%d/%d", bar > 0 ? " " : "",
             m.numerator, m.denominator);
  }
  assert_string_equal(metres, expected);
  dt_chart_clear(&chart, NULL);
}

static void odd_bars_get_a_metre_that_fits(void** state) {
  (void)state;
  /* Overlong; short and implicit; short without saying so. */
  has_metres(SCORE("", MEASURE("1", ATTRIBUTES BAR) MEASURE(
                           "2", BAR KICK("2")) "<measure number=\"3\" implicit=\"yes\">" KICK("4")
                           KICK("2") "</measure>" MEASURE("4", KICK("4")) MEASURE("5", BAR)),
             "4/4 9/8 3/8 4/4 4/4");
  /* A half of 3/8 and of 2/2: smaller beats, or larger ones. */
  has_metres(SCORE("", MEASURE("1", ATTRIBUTES TIME("<beats>3</beats><beat-type>8</beat-type>")
                                        KICK("6")) MEASURE("2", KICK("7")) MEASURE("3", KICK("8"))),
             "3/8 7/16 4/8");
  /* Without a metre each bar is as long as its notes. */
  has_metres(SCORE("", MEASURE("1", ATTRIBUTES TIME("<senza-misura/>") KICK("4") KICK("3"))
                           MEASURE("2", BAR KICK("4")) MEASURE(
                               "3", TIME("<beats>2</beats><beat-type>4</beat-type>") KICK("8"))),
             "7/16 5/4 2/4");
  /* 2/4 + 3/8, and (3+2)/8 + 1/4 */
  has_metres(
      SCORE("", MEASURE("1", ATTRIBUTES TIME("<beats>2</beats><beat-type>4</beat-type>"
                                             "<beats>3</beats><beat-type>8</beat-type>") KICK("14"))
                    MEASURE("2", TIME("<beats>3+2</beats><beat-type>8</beat-type>"
                                      "<beats>1</beats><beat-type>4</beat-type>") KICK("14"))),
      "7/8 7/8");
  /* 257 sixteenths: more than 64 quarters, so whole notes must do. */
  has_metres(SCORE("", MEASURE("1", ATTRIBUTES KICK("255") KICK("2"))), "34/2");
}

static void going_back_stops_at_the_bar_line(void** state) {
  (void)state;
  dt_chart chart;
  parse(
      &chart,
      SCORE("", MEASURE("1", ATTRIBUTES KICK("8") "<backup><duration>9</duration></backup>"
                                                  "<forward><duration>4</duration></forward>" NOTE(
                                                      "C", "5", "4", ""))));
  assert_int_equal(chart.note_count, 2);
  is_note(&chart, 0, 0, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  is_note(&chart, 1, 960, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

static void tempo_swing_sections_fills_and_hands_are_read(void** state) {
  (void)state;
  dt_chart chart;
  parse(&chart,
        SCORE("", MEASURE("1", ATTRIBUTES
                          "<direction><direction-type><metronome><beat-unit>eighth</beat-unit>"
                          "<beat-unit-dot/><per-minute>160</per-minute></metronome>"
                          "</direction-type></direction><direction><direction-type>"
                          "<rehearsal>A</rehearsal></direction-type><sound tempo=\"104\"><swing>"
                          "<first>2</first><second>1</second></swing></sound></direction>" NOTE(
                              "C", "5", "8",
                              "<notations><technical><fingering>L</fingering></technical>"
                              "</notations>") NOTE("C", "5", "8", "<lyric><text>R</text></lyric>"))
                      MEASURE("2", "<direction><direction-type><words>Chorus</words>"
                                   "</direction-type></direction>" BEAT BEAT
                                   "<direction><direction-type><words>Fill</words>"
                                   "</direction-type></direction>" BEAT BEAT)));
  assert_true(chart.map.tempi[0].us_per_quarter == 6e7 / 104);
  assert_true(chart.swing == 2.0 / 3);
  assert_int_equal(chart.swing_pair, 960);
  assert_int_equal(chart.notes[0].hand, 'L');
  assert_int_equal(chart.notes[1].hand, 'R');
  assert_int_equal(chart.span_count, 3);
  assert_string_equal(chart.spans[0].name, "A");
  assert_int_equal(chart.spans[0].end, 3840);
  assert_string_equal(chart.spans[1].name, "Chorus");
  assert_true(chart.spans[2].fill);
  assert_int_equal(chart.spans[2].start, 5760);
  assert_int_equal(chart.spans[2].end, 7680);
  dt_chart_clear(&chart, NULL);
}

static void a_percent_sign_plays_the_bar_before(void** state) {
  (void)state;
  dt_chart chart;
  parse(&chart, SCORE("", MEASURE("1", ATTRIBUTES BAR) MEASURE(
                              "2", "<attributes><measure-style><measure-repeat type=\"start\">1"
                                   "</measure-repeat></measure-style></attributes>" REST("16"))
                              MEASURE("3", REST("16")) MEASURE(
                                  "4", "<attributes><measure-style><measure-repeat "
                                       "type=\"stop\"/></measure-style></attributes>" REST("16"))));
  assert_int_equal(chart.note_count, 12);
  is_note(&chart, 11, 2 * 3840 + 2880, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN);
  dt_chart_clear(&chart, NULL);
}

static void refuses(const char* text, dt_status expected, const char* where, const char* part) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  assert_int_equal(read_text(&chart, text, &err), expected);
  assert_int_equal(err.status, expected);
  if (strstr(err.sentence, where) != err.sentence || strstr(err.sentence, part) == NULL ||
      strchr(err.sentence, '\n') != NULL)
    fail_msg("\"%s\" does not begin with \"%s\" and say \"%s\"", err.sentence, where, part);
  assert_null(chart.notes);
}

static void what_is_no_drum_chart_is_refused_with_a_sentence(void** state) {
  (void)state;
  refuses("", DT_BAD_DATA, "Line 1, column 1: ", "damaged");
  refuses("PK\003\004 and so on", DT_UNSUPPORTED, "Line 1, column 1: ", "compressed");
  refuses("<html>\n</html>", DT_BAD_DATA, "Line 1, column 1: ", "no MusicXML");
  refuses("<score-timewise/>", DT_UNSUPPORTED, "Line 1, column 1: ", "score-partwise");
  refuses("<score-partwise>\n  <part", DT_BAD_DATA, "Line 2, column ", "damaged");
  refuses("<!DOCTYPE a [<!ENTITY lol \"lol\"><!ENTITY b \"&lol;&lol;\">]><score-partwise/>",
          DT_UNSUPPORTED, "Line 1, column ", "entities");
  refuses("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><score-partwise/>",
          DT_UNSUPPORTED, "Line 1, column ", "entities");
  refuses(SCORE("", MEASURE("1", "<note><pitch><step>C</step><octave>4</octave></pitch>"
                                 "<duration>1</duration></note>")),
          DT_BAD_DATA, "There is no percussion part", "");
  refuses(SCORE("", MEASURE("1", "<attributes><time><beats>4</beats><beat-type>3</beat-type></time>"
                                 "</attributes>")),
          DT_BAD_DATA, "Line 1, column ", "metre");
  static const char* const METRES[] = {
      "<beats>65</beats><beat-type>4</beat-type>",
      "<beats>0</beats><beat-type>4</beat-type>",
      "<beats>60+9</beats><beat-type>8</beat-type>",
      "<beats>4</beats><beat-type>128</beat-type>",
      "<beats>-3</beats><beat-type>4</beat-type>",
      "<beats>40</beats><beat-type>4</beat-type><beats>1</beats><beat-type>8</beat-type>"};
  for (size_t i = 0; i < sizeof METRES / sizeof *METRES; i++) {
    char score[1024];
    snprintf(score, sizeof score,
             SCORE("", MEASURE("1", "<attributes><time>%s</time></attributes>")), METRES[i]);
    refuses(score, DT_BAD_DATA, "Line 1, column ", "metre");
  }
  refuses(SCORE("", MEASURE("1", ATTRIBUTES BAR "<barline><repeat direction=\"backward\" "
                                                "times=\"1000\"/></barline>")),
          DT_TOO_LARGE, "Line 1, column ", "999 times");
  refuses(SCORE("", MEASURE("1", ATTRIBUTES KICK("1028"))), DT_TOO_LARGE, "Measure 1 ", "64 whole");
  char deep[2000] = "<score-partwise>";
  for (int i = 0; i < 100; i++)
    strcat(deep, "<x>");
  refuses(deep, DT_BAD_DATA, "Line 1, column ", "deep");
  static char wide[10000] = "<score-partwise a=\"";
  memset(wide + strlen(wide), 'x', 9000);
  strcat(wide, "\"/>");
  refuses(wide, DT_TOO_LARGE, "Line 1, column ", "attribute");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(instruments_name_their_drums),
      cmocka_unit_test(places_name_drums_where_nothing_else_does),
      cmocka_unit_test(graces_are_flams_and_drags_and_slashes_are_rolls),
      cmocka_unit_test(voices_chords_and_rounded_tuplets_fall_on_their_ticks),
      cmocka_unit_test(repeats_endings_and_jumps_are_followed),
      cmocka_unit_test(short_first_bars_are_pickups_and_metres_change),
      cmocka_unit_test(odd_bars_get_a_metre_that_fits),
      cmocka_unit_test(going_back_stops_at_the_bar_line),
      cmocka_unit_test(tempo_swing_sections_fills_and_hands_are_read),
      cmocka_unit_test(a_percent_sign_plays_the_bar_before),
      cmocka_unit_test(what_is_no_drum_chart_is_refused_with_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
