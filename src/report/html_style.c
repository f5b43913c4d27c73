#include "html_internal.h"

/*
 * One style sheet for screen (light, dark, phone) and paper. Early is orange and left, late is blue
 * and right: told apart by every kind of colour vision, and by side and shape without any.
 */
const char* const dt__html_style[] = {
    ":root{--paper:#fff;--card:#f6f7f9;--ink:#16191d;--soft:#555c66;--line:#c9ced6;"
    "--early:#b45309;--late:#1d5fc4;--good:#1a7f4b;--bad:#a3260b;--earlybg:#fbe3c5;"
    "--latebg:#d3e4fc;--band:#c9d8ee;color-scheme:light dark}",
    "@media(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1d2127;--ink:#eceff3;"
    "--soft:#aab2bd;--line:#3b424c;--early:#ffb454;--late:#7fb8ff;--good:#5fd39b;--bad:#ff9a7d;"
    "--earlybg:#5b3a0c;--latebg:#173d6e;--band:#2b3f5c}}",
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}",
    "body{margin:0 auto;max-width:66rem;padding:1.2rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;"
    "font-variant-numeric:tabular-nums}",
    "h1{font-size:1rem;font-weight:500;color:var(--soft);margin:0;overflow-wrap:anywhere}"
    "h2{font-size:1.15rem;margin:0 0 .2rem}h3{font-size:.95rem;margin:.8rem 0 .2rem}"
    "p{margin:.2rem 0 .6rem}.soft{color:var(--soft);font-size:.88rem;max-width:46rem}",
    "section,header{margin:0 0 1rem;padding:1rem 1.1rem;background:var(--card);border-radius:.6rem}"
    "header{background:none;padding:0 0 .2rem}",
    ".word{font-size:clamp(2rem,8vw,3.6rem);font-weight:800;line-height:1.05;margin:.1rem 0;"
    "letter-spacing:-.01em}.word b{font-weight:500;font-size:.5em;letter-spacing:0;"
    "display:inline-block}"
    ".rushing{color:var(--early)}.dragging{color:var(--late)}.scattered{color:var(--bad)}"
    ".in_the_pocket{color:var(--good)}",
    ".key{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem;"
    "margin:.8rem 0 0}.key div{background:var(--card);border-radius:.6rem;padding:.7rem .9rem}"
    ".key dt,.key span{color:var(--soft);font-size:.85rem;display:block}.key dd{margin:0;"
    "font-size:clamp(1rem,4.4vw,1.3rem);font-weight:700}.key dd "
    "small{display:block;font-size:.7em;font-weight:500}",
    ".key dd.say{font-size:.85rem;font-weight:400}"
    "ol.todo{margin:.3rem 0 0;padding-left:1.5rem}ol.todo li{margin:.35rem 0;font-size:1.08rem}"
    "ol.todo small{color:var(--soft);display:block;font-size:.85rem}",
    "svg{display:block;width:100%;height:auto}"
    "svg text{font-size:11px;fill:var(--soft);font-family:inherit}svg text.ink{fill:var(--ink)}",
    ".wide{overflow-x:auto}.wide>svg{min-width:44rem;overflow:visible}.system{break-inside:avoid;"
    "margin:0 0 .5rem}",
    ".g{fill:none;stroke:var(--line);stroke-width:.6}.b{fill:none;stroke:var(--soft);"
    "stroke-width:1.1}.e{fill:var(--early)}.l{fill:var(--late)}.o{fill:var(--good)}"
    ".m{fill:none;stroke:var(--bad);stroke-width:1.4}.x{fill:none;stroke:var(--ink);"
    "stroke-width:1.3}.f{fill:var(--line);opacity:.35}",
    ".line{fill:none;stroke:var(--ink);stroke-width:1.6}.dash{fill:none;stroke:var(--soft);"
    "stroke-width:1;stroke-dasharray:4 3}.band{fill:var(--band)}.bar{fill:var(--soft)}"
    ".norm{fill:none;stroke:var(--good);stroke-width:2}",
    ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.9rem}"
    "figure{margin:0;max-width:24rem;break-inside:avoid}figcaption{font-size:.85rem;color:var(--"
    "soft)}"
    "figcaption b{color:var(--ink)}",
    "table{border-collapse:collapse;font-size:.9rem;margin:.3rem 0 .6rem;width:100%}"
    "caption{text-align:left;color:var(--soft);font-size:.85rem;padding:.1rem 0 .25rem}"
    "th,td{text-align:left;padding:.22rem .6rem .22rem 0;border-bottom:1px solid var(--line);"
    "vertical-align:baseline}th{font-weight:600}thead th{color:var(--soft);font-weight:500;"
    "font-size:.82rem}td.n{white-space:nowrap}td small{color:var(--soft)}",
    "table.map{width:auto}table.map td,table.map th{padding:.2rem .35rem;text-align:center;"
    "border:1px solid var(--paper);min-width:2.5rem}table.map tbody th{text-align:left;"
    "white-space:nowrap}.map .ce{background:var(--earlybg)}.map .cl{background:var(--latebg)}",
    ".legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.88rem;margin:.2rem 0 .5rem;"
    "padding:0;list-style:none}.legend svg{display:inline-block;width:1.1em;height:1em;"
    "vertical-align:-.12em;margin-right:.3em}",
    "dl.how{margin:0}dl.how dt{font-weight:600;margin-top:.55rem}dl.how dd{margin:0;"
    "color:var(--soft);font-size:.9rem;max-width:52rem}footer{color:var(--soft);font-size:.82rem}",
    "@media(max-width:34rem){body{padding:.7rem}section{padding:.8rem .75rem}"
    "td,th{padding-right:.4rem}}",
    "@page{size:A4;margin:14mm}@media print{:root{--paper:#fff;--card:#fff;--ink:#000;"
    "--soft:#444;--line:#bbb;--early:#a04a05;--late:#174ea6;--good:#14633a;--bad:#8c1d04;"
    "--earlybg:#fbe3c5;--latebg:#d3e4fc;--band:#c9d8ee;color-scheme:light}"
    "body{max-width:none;padding:0;font-size:9.5pt;-webkit-print-color-adjust:exact;"
    "print-color-adjust:exact}section{padding:0 0 4mm;margin:0}.wide{overflow:visible}"
    ".wide>svg{min-width:0}h2,p.soft{break-after:avoid}tr,li,dd{break-inside:avoid}}",
    NULL,
};
