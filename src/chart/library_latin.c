#include "library.h"

/* Latin America, the Caribbean, Africa. */
/* clang-format off */
const dt_chart_entry dt__library_latin[] = {
  {"bossa",
   "title: Bossa nova\n"
   "tags: latin brazil bossa\n"
   "tempo: 132\n"
   "step: 1/8\n"
   "ride        |xxxxxxxx|xxxxxxxx|\n"
   "cross-stick |x--x--x-|--x--x--|\n"
   "pedal       |--x---x-|--x---x-|\n"
   "kick        |x--xx--x|x--xx--x|\n"},
  {"samba",
   "title: Samba\n"
   "tags: latin brazil\n"
   "tempo: 104\n"
   "meter: 2/4\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "ride  |XxxXXxxX|XxxXXxxX|\n"
   "snare |X-X--X-X|-X-XX-X-|\n"
   "pedal |--x---x-|--x---x-|\n"
   "kick  |x--xX--x|x--xX--x|\n"},
  {"samba-batucada",
   "title: Batucada on the snare\n"
   "tags: latin brazil\n"
   "tempo: 112\n"
   "meter: 2/4\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare     |XggXgXgg|XgXggXgX|\n"
   "floor tom |----X---|----X---|\n"
   "kick      |x--xx--x|x--xx--x|\n"},
  {"partido-alto",
   "title: Partido alto\n"
   "tags: latin brazil\n"
   "tempo: 96\n"
   "meter: 2/4\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat      |x-xxx-xx|%|\n"
   "cross-stick |-x-x--x-|x-x--x-x|\n"
   "kick        |x--xx--x|x--xx--x|\n"},
  {"baiao",
   "title: Baiao\n"
   "tags: latin brazil\n"
   "tempo: 108\n"
   "meter: 2/4\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |xxXxxxXx|\n"
   "snare  |---X--X-|\n"
   "kick   |x--x----|\n"},
  {"songo",
   "title: Songo\n"
   "tags: latin cuba\n"
   "tempo: 104\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "cowbell  |x---x---x---x---|\n"
   "snare    |--X--g-gg-X--g-g|\n"
   "high tom |------x-------xx|\n"
   "kick     |---x--x----x--x-|\n"},
  {"mozambique",
   "title: Mozambique\n"
   "tags: latin cuba\n"
   "tempo: 108\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "cowbell |x-x-xx-x-xx-x-x-|\n"
   "snare   |----x--x----x--x|\n"
   "kick    |x-----x---x---x-|\n"},
  {"cascara",
   "title: Cascara with clave, two-three\n"
   "tags: latin cuba clave\n"
   "tempo: 184\n"
   "step: 1/8\n"
   "ride        |X-x-Xx-x|X-xX-x-X|\n"
   "cross-stick |--x-x---|x--x--x-|\n"
   "kick        |---x--x-|---x--x-|\n"
   "pedal       |--x---x-|%|\n"},
  {"mambo",
   "title: Mambo bell\n"
   "tags: latin cuba\n"
   "tempo: 188\n"
   "step: 1/8\n"
   "bell        |X-x-XxxX|-xXxXxxX|\n"
   "cross-stick |--x-----|--x-----|\n"
   "high tom    |------xx|------xx|\n"
   "kick        |---x--x-|---x--x-|\n"},
  {"cha-cha",
   "title: Cha-cha-cha\n"
   "tags: latin cuba\n"
   "tempo: 124\n"
   "step: 1/8\n"
   "cowbell     |X-x-X-x-|\n"
   "cross-stick |--x-----|\n"
   "high tom    |------xx|\n"
   "kick        |x-----x-|\n"},
  {"bolero",
   "title: Bolero\n"
   "tags: latin cuba ballad\n"
   "tempo: 92\n"
   "step: 1/8\n"
   "hi-hat      |x-xxxxxx|\n"
   "cross-stick |--x---x-|\n"
   "high tom    |------xx|\n"
   "kick        |x---x-x-|\n"},
  {"tumbao",
   "title: Conga tumbao on the kit\n"
   "tags: latin cuba\n"
   "tempo: 176\n"
   "step: 1/8\n"
   "hi-hat   |x-x-x-x-|\n"
   "snare    |ggXggg--|\n"
   "high tom |------XX|\n"
   "kick     |---x--x-|\n"},
  {"bembe",
   "title: Afro-Cuban 6/8, bembe bell\n"
   "tags: latin cuba africa\n"
   "tempo: 3/8 = 112\n"
   "meter: 12/8\n"
   "swing: never\n"
   "step: 1/8\n"
   "bell     |x-x-xx-x-x-x|\n"
   "snare    |---g--X--g--|\n"
   "high tom |----------x-|\n"
   "kick     |x-----x--x--|\n"
   "pedal    |---x--x--x--|\n"},
  {"merengue",
   "title: Merengue\n"
   "tags: latin\n"
   "tempo: 152\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "snare     |X---X---X---xxxx|\n"
   "floor tom |--x---x---x-----|\n"
   "kick      |x---x---x---x---|\n"},
  {"dembow",
   "title: Dembow\n"
   "tags: latin reggaeton\n"
   "tempo: 94\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-x-x-x-x-x-|\n"
   "snare  |---X--X----X--X-|\n"
   "kick   |x---x---x---x---|\n"},
  {"soca",
   "title: Soca\n"
   "tags: caribbean\n"
   "tempo: 118\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |--x---x---x---x-|\n"
   "snare  |---X--X----X--X-|\n"
   "kick   |x---x---x---x---|\n"},
  {"calypso",
   "title: Calypso\n"
   "tags: caribbean\n"
   "tempo: 108\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat      |x-xxx-xxx-xxx-xx|\n"
   "cross-stick |---x--x----x--x-|\n"
   "kick        |x-----x-x-----x-|\n"},
  {"afrobeat",
   "title: Afrobeat\n"
   "tags: africa funk\n"
   "tempo: 112\n"
   "swing: straight sixteenths\n"
   "step: 1/16\n"
   "hi-hat |x-x-x-xxx-x-x-xx|\n"
   "snare  |---g--g-X--g--g-|\n"
   "kick   |x-x---x---x---x-|\n"},
  {"tango",
   "title: Tango\n"
   "tags: latin\n"
   "tempo: 120\n"
   "step: 1/8\n"
   "snare |x-x-x-xz|\n"
   "kick  |x-x-x-x-|\n"},
  {NULL, NULL},
};
/* clang-format on */
