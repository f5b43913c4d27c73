#include "library.h"

/* Rock and its neighbours, country, marches. */
/* clang-format off */
const dt_chart_entry dt__library_rock[] = {
  {"rock",
   "title: Rock, eighths\n"
   "tags: rock beginner\n"
   "tempo: 120\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x---xx--|\n"},
  {"rock16",
   "title: Rock, sixteenths on the hi-hat\n"
   "tags: rock\n"
   "tempo: 92\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |XxxxXxxxXxxxXxxx|\n"
   "snare  |----X-------X---|\n"
   "kick   |x-----x-x-x-----|\n"},
  {"halftime",
   "title: Half-time feel\n"
   "tags: rock\n"
   "tempo: 140\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |----X---|\n"
   "kick   |x--x--x-|\n"},
  {"money-beat",
   "title: Rock, kick on one and three\n"
   "tags: rock pop beginner\n"
   "tempo: 116\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x---x---|\n"},
  {"rock-four",
   "title: Rock, four on the floor\n"
   "tags: rock pop beginner\n"
   "tempo: 124\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x-x-x-x-|\n"},
  {"rock-push",
   "title: Rock, pushed kick\n"
   "tags: rock\n"
   "tempo: 112\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|%|\n"
   "snare  |--X---X-|%|\n"
   "kick   |x--x-x--|x--xx--x|\n"},
  {"rock-open",
   "title: Rock, open hi-hat before the bar\n"
   "tags: rock\n"
   "tempo: 118\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXo|\n"
   "snare  |--X---X-|\n"
   "kick   |x-x-xx--|\n"},
  {"rock-ride",
   "title: Rock on the ride, bell on the beat\n"
   "tags: rock\n"
   "tempo: 126\n"
   "step: 1/8\n"
   "bell  |x-x-x-x-|%|\n"
   "ride  |-x-x-x-x|%|\n"
   "snare |--X---X-|%|\n"
   "kick  |x--xx---|x--xx-x-|\n"},
  {"quarter-hats",
   "title: Rock, quarters on the hi-hat\n"
   "tags: rock beginner\n"
   "tempo: 138\n"
   "step: 1/8\n"
   "hi-hat |x-x-x-x-|\n"
   "snare  |--X---X-|\n"
   "kick   |x---xx--|\n"},
  {"offbeat-hats",
   "title: Hi-hat on the off-beats\n"
   "tags: rock pop\n"
   "tempo: 122\n"
   "step: 1/8\n"
   "hi-hat |-x-x-x-x|\n"
   "snare  |--X---X-|\n"
   "kick   |x---x---|\n"},
  {"tom-groove",
   "title: Floor-tom groove\n"
   "tags: rock toms\n"
   "tempo: 108\n"
   "step: 1/8\n"
   "floor tom |XxXxXxXx|\n"
   "snare     |--X---X-|\n"
   "kick      |x--xx---|\n"},
  {"motown",
   "title: Motown, snare on every beat\n"
   "tags: soul motown\n"
   "tempo: 126\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |X-X-X-X-|\n"
   "kick   |x--xx--x|\n"},
  {"soul-backbeat",
   "title: Soul, sixteenth kicks\n"
   "tags: soul\n"
   "tempo: 98\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |X-x-X-x-X-x-X-x-|\n"
   "snare  |----X-------X---|\n"
   "kick   |x--x--x-x-----x-|\n"},
  {"surf",
   "title: Surf beat\n"
   "tags: rock surf\n"
   "tempo: 160\n"
   "step: 1/8\n"
   "ride  |XxXxXxXx|\n"
   "snare |--Xx--X-|\n"
   "kick  |x---x---|\n"},
  {"twist",
   "title: Twist\n"
   "tags: rock oldies\n"
   "tempo: 156\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--xX--X-|\n"
   "kick   |x-x-x-x-|\n"},
  {"bo-diddley",
   "title: Clave on the toms\n"
   "tags: rock oldies clave\n"
   "tempo: 104\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "floor tom |XxxXxxXxxxXxXxxx|\n"
   "kick      |x---x---x---x---|\n"
   "pedal     |----x-------x---|\n"},
  {"punk",
   "title: Punk\n"
   "tags: punk rock\n"
   "tempo: 180\n"
   "step: 1/8\n"
   "hi-hat |XxXxXxXx|\n"
   "snare  |--X---X-|\n"
   "kick   |x--xx--x|\n"},
  {"d-beat",
   "title: D-beat\n"
   "tags: punk metal\n"
   "tempo: 190\n"
   "step: 1/8\n"
   "crash |x-x-x-x-|\n"
   "snare |--X---X-|\n"
   "kick  |xx-xx-x-|\n"},
  {"skank",
   "title: Skank beat\n"
   "tags: punk metal\n"
   "tempo: 200\n"
   "step: 1/8\n"
   "hi-hat |xxxxxxxx|\n"
   "snare  |-X-X-X-X|\n"
   "kick   |x-x-x-x-|\n"},
  {"gallop",
   "title: Gallop\n"
   "tags: metal\n"
   "tempo: 132\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "ride       |x---x---x---x---|\n"
   "snare      |----X-------X---|\n"
   "kick       |x-xxx-xxx-xxx-xx|\n"
   "hands kick |K-HKK-HKK-HKK-HK|\n"},
  {"double-bass",
   "title: Double bass, sixteenths\n"
   "tags: metal\n"
   "tempo: 140\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "ride       |X---X---X---X---|\n"
   "snare      |----X-------X---|\n"
   "kick       |xxxxxxxxxxxxxxxx|\n"
   "hands kick |KHKHKHKHKHKHKHKH|\n"},
  {"double-bass-triplets",
   "title: Double bass, triplets\n"
   "tags: metal\n"
   "tempo: 120\n"
   "step: 1/12\n"
   "ride       |X--X--X--X--|\n"
   "snare      |---X-----X--|\n"
   "kick       |xxxxxxxxxxxx|\n"
   "hands kick |KHKHKHKHKHKH|\n"},
  {"blast",
   "title: Blast beat\n"
   "tags: metal\n"
   "tempo: 200\n"
   "step: 1/8\n"
   "ride  |x-x-x-x-|\n"
   "snare |-x-x-x-x|\n"
   "kick  |x-x-x-x-|\n"},
  {"hammer-blast",
   "title: Hammer blast\n"
   "tags: metal\n"
   "tempo: 180\n"
   "step: 1/8\n"
   "china      |x-x-x-x-|\n"
   "snare      |xxxxxxxx|\n"
   "kick       |xxxxxxxx|\n"
   "hands kick |KHKHKHKH|\n"},
  {"breakdown",
   "title: Breakdown, half-time\n"
   "tags: metal\n"
   "tempo: 130\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "china |x---x---x---x---|%|\n"
   "snare |--------X-------|%|\n"
   "kick  |x--x--x-----x-x-|x--x--x---x-xx--|\n"},
  {"ballad-68",
   "title: Ballad in 6/8\n"
   "tags: ballad rock\n"
   "tempo: 3/8 = 56\n"
   "meter: 6/8\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |X-x-x-X-x-x-|%|\n"
   "snare  |------X-----|%|\n"
   "kick   |x-------x-x-|x---x---x-x-|\n"},
  {"train",
   "title: Train beat\n"
   "tags: country\n"
   "tempo: 110\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare |ggXgggXgggXgggXX|\n"
   "pedal |--x---x---x---x-|\n"
   "kick  |x---x---x---x---|\n"},
  {"two-beat",
   "title: Country two-beat\n"
   "tags: country beginner\n"
   "tempo: 112\n"
   "step: 1/8\n"
   "hi-hat      |x-x-x-x-|\n"
   "cross-stick |--x---x-|\n"
   "kick        |x---x---|\n"},
  {"country-shuffle",
   "title: Country shuffle\n"
   "tags: country shuffle\n"
   "tempo: 126\n"
   "swing: 2:1\n"
   "step: 1/8\n"
   "hi-hat      |x-xxx-xx|\n"
   "cross-stick |--x---x-|\n"
   "kick        |x---x---|\n"},
  {"country-waltz",
   "title: Country waltz\n"
   "tags: country waltz\n"
   "tempo: 104\n"
   "meter: 3/4\n"
   "step: 1/8\n"
   "hi-hat      |x-x-x-|\n"
   "cross-stick |--x-x-|\n"
   "kick        |x-----|\n"},
  {"bluegrass",
   "title: Bluegrass, brushes in two\n"
   "tags: country brushes\n"
   "tempo: 220\n"
   "step: 1/8\n"
   "brush |xxXxxxXx|\n"
   "kick  |x---x---|\n"},
  {"sixeight",
   "title: Slow 6/8\n"
   "tags: ballad\n"
   "tempo: 84\n"
   "meter: 6/8\n"
   "swing: straight sixteenths\n"
   "step: 1/8\n"
   "hi-hat |XxxXxx|\n"
   "snare  |---X--|\n"
   "kick   |x----x|\n"},
  {"waltz",
   "title: Waltz\n"
   "tags: waltz\n"
   "tempo: 138\n"
   "meter: 3/4\n"
   "step: 1/8\n"
   "hi-hat |XxxxXx|\n"
   "snare  |--x-x-|\n"
   "kick   |x-----|\n"},
  {"march",
   "title: March\n"
   "tags: march\n"
   "tempo: 112\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare |x-xxx-x-x-xxXr~~|%|\n"
   "kick  |x-------x-------|%|\n"
   "pedal |----x-------x---|%|\n"},
  {"polka",
   "title: Polka\n"
   "tags: polka\n"
   "tempo: 116\n"
   "meter: 2/4\n"
   "step: 1/8\n"
   "snare |-x-x|\n"
   "kick  |x-x-|\n"},
  {NULL, NULL},
};
/* clang-format on */
