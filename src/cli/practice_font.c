#include <ctype.h>
#include <string.h>

#include "practice.h"

/* Five rows of five dots, the leftmost dot the highest bit. */
typedef struct glyph {
  char sign;
  unsigned char rows[5];
} glyph;

static const glyph glyphs[] = {
    {'A', {14, 17, 31, 17, 17}}, {'B', {30, 17, 30, 17, 30}}, {'C', {15, 16, 16, 16, 15}},
    {'D', {30, 17, 17, 17, 30}}, {'E', {31, 16, 30, 16, 31}}, {'F', {31, 16, 30, 16, 16}},
    {'G', {15, 16, 19, 17, 15}}, {'H', {17, 17, 31, 17, 17}}, {'I', {14, 4, 4, 4, 14}},
    {'J', {7, 2, 2, 18, 12}},    {'K', {17, 18, 28, 18, 17}}, {'L', {16, 16, 16, 16, 31}},
    {'M', {17, 27, 21, 17, 17}}, {'N', {17, 25, 21, 19, 17}}, {'O', {14, 17, 17, 17, 14}},
    {'P', {30, 17, 30, 16, 16}}, {'Q', {14, 17, 21, 18, 13}}, {'R', {30, 17, 30, 18, 17}},
    {'S', {15, 16, 14, 1, 30}},  {'T', {31, 4, 4, 4, 4}},     {'U', {17, 17, 17, 17, 14}},
    {'V', {17, 17, 17, 10, 4}},  {'W', {17, 17, 21, 27, 17}}, {'X', {17, 10, 4, 10, 17}},
    {'Y', {17, 10, 4, 4, 4}},    {'Z', {31, 2, 4, 8, 31}},    {'0', {14, 19, 21, 25, 14}},
    {'1', {4, 12, 4, 4, 14}},    {'2', {30, 1, 14, 16, 31}},  {'3', {30, 1, 14, 1, 30}},
    {'4', {18, 18, 31, 2, 2}},   {'5', {31, 16, 30, 1, 30}},  {'6', {14, 16, 30, 17, 14}},
    {'7', {31, 1, 2, 4, 4}},     {'8', {14, 17, 14, 17, 14}}, {'9', {14, 17, 15, 1, 14}},
    {'+', {0, 4, 14, 4, 0}},     {'-', {0, 0, 14, 0, 0}},     {'.', {0, 0, 0, 0, 4}},
    {'?', {14, 1, 6, 0, 4}},     {'%', {25, 26, 4, 11, 19}},  {'/', {1, 2, 4, 8, 16}},
};

static unsigned char dots(char sign, int row) {
  for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
    if (glyphs[i].sign == sign)
      return glyphs[i].rows[row];
  return 0;
}

static void append(char* out, size_t size, const char* text) {
  if (strlen(out) + strlen(text) < size)
    memcpy(out + strlen(out), text, strlen(text) + 1);
}

void dt__big_row(const char* text, int row, bool utf8, char* out, size_t size) {
  out[0] = '\0';
  for (; *text; text++) {
    const unsigned char line = dots((char)toupper((unsigned char)*text), row);
    for (int dot = 4; dot >= 0; dot--)
      append(out, size, line >> dot & 1 ? utf8 ? "\xe2\x96\x88" : "#" : " ");
    append(out, size, " ");
  }
}
