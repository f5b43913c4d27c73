#include <string.h>

#include "musicxml_writer.h"

void dt__xml_put_text(dt__xml_out* out, const char* text) {
  for (const char* at = text; *at != '\0';) {
    const size_t plain = strcspn(at, "&<>\"");
    if (plain > 0)
      DT__XML_PUT(out, "%.*s", (int)plain, at);
    at += plain;
    if (*at == '\0')
      return;
    DT__XML_PUT(out, "%s",
                *at == '&'   ? "&amp;"
                : *at == '<' ? "&lt;"
                : *at == '>' ? "&gt;"
                             : "&quot;");
    at++;
  }
}

/* Types by how often a breve is halved. */
static const char* type_of(dt_tick nominal, int* flags) {
  static const char* const types[] = {"breve", "whole", "half", "quarter", "eighth",
                                      "16th",  "32nd",  "64th", "128th",   "256th"};
  dt_tick value = 8 * (dt_tick)DT_TICKS_PER_QUARTER;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++, value /= 2)
    if (value == nominal) {
      *flags = i > 3 ? (int)i - 3 : 0;
      return types[i];
    }
  *flags = 0;
  return NULL;
}

static void put_type(dt__xml_out* out, const dt__xml_value* value) {
  int flags;
  const char* type = value->nominal > 0 ? type_of(value->nominal, &flags) : NULL;
  if (type == NULL)
    return;
  DT__XML_PUT(out, "        <type>%s</type>\n", type);
  for (int i = 0; i < value->dots; i++)
    DT__XML_PUT(out, "        <dot/>\n");
  if (value->actual > 0)
    DT__XML_PUT(out,
                "        <time-modification>\n          <actual-notes>%d</actual-notes>\n"
                "          <normal-notes>%d</normal-notes>\n        </time-modification>\n",
                value->actual, value->normal);
}

static void put_tuplet(dt__xml_out* out, const dt__xml_value* value) {
  if (value->begins_tuplet)
    DT__XML_PUT(out, "          <tuplet type=\"start\" bracket=\"yes\"/>\n");
  if (value->ends_tuplet)
    DT__XML_PUT(out, "          <tuplet type=\"stop\"/>\n");
}

void dt__xml_put_rest(dt__xml_out* out, const dt__xml_value* value, int voice) {
  DT__XML_PUT(out,
              "      <note>\n        <rest/>\n        <duration>%lld</duration>\n"
              "        <voice>%d</voice>\n",
              (long long)value->ticks, voice);
  put_type(out, value);
  if (value->begins_tuplet || value->ends_tuplet) {
    DT__XML_PUT(out, "        <notations>\n");
    put_tuplet(out, value);
    DT__XML_PUT(out, "        </notations>\n");
  }
  DT__XML_PUT(out, "      </note>\n");
}

static void put_place(dt__xml_out* out, const dt__xml_drum* drum) {
  DT__XML_PUT(out,
              "        <unpitched>\n          <display-step>%c</display-step>\n"
              "          <display-octave>%d</display-octave>\n        </unpitched>\n",
              drum->step, drum->octave);
}

static void put_grace(dt__xml_out* out, const dt__xml_item* item, bool is_chord, bool is_alone) {
  const dt__xml_drum* drum = dt__xml_drum_at(item->note->drum);
  DT__XML_PUT(out, "      <note>\n        <grace slash=\"%s\"/>\n%s",
              item->note->ornament == DT_FLAM ? "yes" : "no", is_chord ? "        <chord/>\n" : "");
  put_place(out, drum);
  DT__XML_PUT(out,
              "        <instrument id=\"P1-I%d\"/>\n        <voice>%d</voice>\n"
              "        <type>%s</type>\n        <stem>%s</stem>\n"
              "        <notehead>%s</notehead>\n      </note>\n",
              (int)item->note->drum + 1, item->voice,
              item->note->ornament == DT_FLAM ? "eighth" : "16th",
              item->voice == 2 && !is_alone ? "down" : "up", drum->head);
}

/* The first of two grace notes stands alone; a flam's stands with the second. */
static void put_graces(dt__xml_out* out, const dt__xml_item* items, size_t count, dt_tick from,
                       bool is_alone) {
  for (int slot = 2; slot >= 1; slot--) {
    bool is_chord = false;
    for (size_t i = 0; i < count; i++) {
      const dt_ornament ornament = items[i].note->ornament;
      if (from + items[i].shift == items[i].note->tick &&
          (ornament == DT_DRAG || (ornament == DT_FLAM && slot == 1))) {
        put_grace(out, &items[i], is_chord, is_alone);
        is_chord = true;
      }
    }
  }
}

/* Slashes that halve the written note down to the roll's step; 0 where none do. */
static int slashes_of(const dt_chart_note* note, const dt__xml_value* value) {
  int flags;
  if (value->nominal == 0 || type_of(value->nominal, &flags) == NULL)
    return 0;
  for (int slashes = 1; slashes <= 8; slashes++) {
    const dt_tick step = DT_TICKS_PER_QUARTER >> (flags + slashes);
    const dt_tick scaled = value->actual > 0 ? step * value->normal : step;
    const dt_tick wanted = value->actual > 0 ? note->roll_step * value->actual : note->roll_step;
    if (step << (flags + slashes) == DT_TICKS_PER_QUARTER && scaled == wanted)
      return slashes;
  }
  return 0;
}

typedef struct look {
  bool is_first; /* piece of the note */
  bool is_last;
  int slashes;
  bool is_step_said; /* by the slashes */
} look;

static void put_notations(dt__xml_out* out, const dt_chart_note* note, const look* l,
                          const dt__xml_value* value, bool is_chord) {
  const bool has_tuplet = !is_chord && (value->begins_tuplet || value->ends_tuplet);
  const bool is_roll = note->ornament == DT_ROLL;
  const bool has_hand = l->is_first && note->hand != ' ';
  const bool has_accent = l->is_first && note->loud == DT_LOUD_ACCENT;
  if (!has_tuplet && !is_roll && !has_hand && !has_accent)
    return;
  DT__XML_PUT(out, "        <notations>\n");
  if (!l->is_first)
    DT__XML_PUT(out, "          <tied type=\"stop\"/>\n");
  if (!l->is_last)
    DT__XML_PUT(out, "          <tied type=\"start\"/>\n");
  if (has_tuplet)
    put_tuplet(out, value);
  if (is_roll && note->roll_step == 0)
    DT__XML_PUT(out, "          <ornaments>\n            <tremolo type=\"unmeasured\">0</tremolo>\n"
                     "          </ornaments>\n");
  else if (is_roll)
    DT__XML_PUT(out,
                "          <ornaments>\n            <tremolo type=\"single\">%d</tremolo>\n"
                "          </ornaments>\n",
                l->slashes);
  if (has_hand)
    DT__XML_PUT(out,
                "          <technical>\n            <fingering placement=\"above\">%c</fingering>\n"
                "          </technical>\n",
                note->hand);
  if (has_accent)
    DT__XML_PUT(out, "          <articulations>\n            <accent placement=\"above\"/>\n"
                     "          </articulations>\n");
  DT__XML_PUT(out, "        </notations>\n");
}

static void put_note(dt__xml_out* out, const dt__xml_item* item, dt_tick from,
                     const dt__xml_value* value, bool is_chord, bool is_alone) {
  const dt_chart_note* note = item->note;
  const dt__xml_drum* drum = dt__xml_drum_at(note->drum);
  const dt_tick start = from + item->shift;
  look l = {.is_first = start == note->tick,
            .is_last = start + value->ticks >= note->tick + note->length};
  l.slashes = slashes_of(note, value);
  l.is_step_said = l.slashes > 0;
  if (l.slashes == 0)
    l.slashes = 3;
  DT__XML_PUT(out, "      <note>\n%s", is_chord ? "        <chord/>\n" : "");
  put_place(out, drum);
  DT__XML_PUT(out, "        <duration>%lld</duration>\n%s%s", (long long)value->ticks,
              l.is_first ? "" : "        <tie type=\"stop\"/>\n",
              l.is_last ? "" : "        <tie type=\"start\"/>\n");
  DT__XML_PUT(out, "        <instrument id=\"P1-I%d\"/>\n        <voice>%d</voice>\n",
              (int)note->drum + 1, item->voice);
  put_type(out, value);
  const bool is_ghost = note->loud == DT_LOUD_GHOST && l.is_first;
  DT__XML_PUT(out, "        <stem>%s</stem>\n        <notehead%s>%s</notehead>\n",
              item->voice == 2 && !is_alone ? "down" : "up", is_ghost ? " parentheses=\"yes\"" : "",
              drum->head);
  put_notations(out, note, &l, value, is_chord);
  if (note->ornament == DT_ROLL && note->roll_step > 0 && !l.is_step_said)
    DT__XML_PUT(out,
                "        <play>\n          <other-play type=\"" DT__XML_PLAY_STEP
                "\">%lld</other-play>\n        </play>\n",
                (long long)note->roll_step);
  DT__XML_PUT(out, "      </note>\n");
}

void dt__xml_put_chord(dt__xml_out* out, const dt__xml_item* items, size_t count, dt_tick from,
                       const dt__xml_value* value, bool is_alone) {
  put_graces(out, items, count, from, is_alone);
  for (size_t i = 0; i < count; i++)
    put_note(out, &items[i], from, value, i > 0, is_alone);
}
