/**
 * Sets of code points as regular expressions name them: literal ranges, Perl and POSIX classes, Unicode
 * categories and scripts, with case folding (spec/hcl.md 6.7). Each part is decided one code point at a
 * time; Unicode knowledge is the engine's own, asked for a single character, so nothing can backtrack.
 */

/** Whether a code point belongs. */
export type CodePointTest = (code: number) => boolean;

export type Range = readonly [low: number, high: number];

const PERL: Readonly<Record<string, readonly Range[]>> = {
  d: [[48, 57]],
  s: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
};

const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: [[48, 57]],
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

/** General categories, their long names, and scripts, in the spelling the engine knows. */
const PROPERTIES =
  "Any ASCII Assigned Cn LC C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs " +
  "Cased_Letter Letter Lowercase_Letter Modifier_Letter Other_Letter Titlecase_Letter Uppercase_Letter Mark Combining_Mark Spacing_Mark " +
  "Enclosing_Mark Nonspacing_Mark Number Decimal_Number digit Letter_Number Other_Number Punctuation punct Connector_Punctuation " +
  "Dash_Punctuation Close_Punctuation Final_Punctuation Initial_Punctuation Other_Punctuation Open_Punctuation Symbol Currency_Symbol " +
  "Modifier_Symbol Math_Symbol Other_Symbol Separator Line_Separator Paragraph_Separator Space_Separator Other Control cntrl Format " +
  "Private_Use Surrogate Unassigned";

const SCRIPTS =
  "Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi Braille " +
  "Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot " +
  "Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian " +
  "Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana " +
  "Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi " +
  "Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam " +
  "Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi " +
  "Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki " +
  "Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage " +
  "Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian " +
  "Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet " +
  "Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi " +
  "Zanabazar_Square";

let properties: Map<string, string> | undefined;

const loose = (name: string): string => name.replace(/[ _-]/g, "").toLowerCase();

/** The engine's spelling of a property; names are matched without case, spaces, `_` and `-`. */
function propertyNamed(name: string): string | undefined {
  if (!properties) {
    properties = new Map(SCRIPTS.split(" ").map((script) => [loose(script), `Script=${script}`]));
    for (const category of PROPERTIES.split(" ")) properties.set(loose(category), category);
  }
  return properties.get(loose(name));
}

/** Ranges, folded when asked for. */
export function rangeTest(ranges: readonly Range[], fold: boolean): CodePointTest {
  if (!fold) return (code) => ranges.some(([low, high]) => code >= low && code <= high);
  const body = ranges.map(([low, high]) => `\\u{${low.toString(16)}}-\\u{${high.toString(16)}}`).join("");
  const pattern = new RegExp(`^[${body}]$`, "iu");
  return (code) => pattern.test(String.fromCodePoint(code));
}

const inverted =
  (test: CodePointTest): CodePointTest =>
  (code) =>
    !test(code);

/** `\d`, `\S` and their kin by letter; undefined for any other letter. */
export function perlClass(letter: string, fold: boolean): CodePointTest | undefined {
  const lower = letter.toLowerCase();
  if (!Object.hasOwn(PERL, lower)) return undefined;
  const test = rangeTest(PERL[lower] as readonly Range[], fold);
  return letter === lower ? test : inverted(test);
}

/** `[:name:]` or `[:^name:]` by what stands between the colons. */
export function posixClass(name: string, fold: boolean): CodePointTest | undefined {
  const plain = name.startsWith("^") ? name.slice(1) : name;
  if (!Object.hasOwn(POSIX, plain)) return undefined;
  const test = rangeTest(POSIX[plain] as readonly Range[], fold);
  return plain === name ? test : inverted(test);
}

/** A Unicode category or script; `^` before the name inverts. */
export function unicodeClass(name: string, options: { readonly negated: boolean; readonly fold: boolean }): CodePointTest | undefined {
  const plain = name.startsWith("^") ? name.slice(1) : name;
  const property = propertyNamed(plain);
  if (property === undefined) return undefined;
  const pattern = new RegExp(`^\\p{${property}}$`, options.fold ? "iu" : "u");
  const test: CodePointTest = (code) => pattern.test(String.fromCodePoint(code));
  return options.negated === (plain === name) ? inverted(test) : test;
}

/** A bracket expression from its parts; answers are remembered, since texts repeat characters. */
export function classTest(parts: readonly CodePointTest[], negated: boolean): CodePointTest {
  const known = new Map<number, boolean>();
  return (code) => {
    let answer = known.get(code);
    if (answer === undefined) {
      answer = parts.some((part) => part(code)) !== negated;
      known.set(code, answer);
    }
    return answer;
  };
}
