/** Encodings: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, noStrings, stringSet } from "./function-rig.ts";

describe("jsonencode", () => {
  answers("jsonencode", [Infinity], "✗ cannot serialize infinity as JSON");
  answers("jsonencode", [noStrings], '"null"');
  answers("jsonencode", [{ a: noStrings }], '"{\\"a\\":null}"');
  answers("jsonencode", [stringSet("a", "b")], '"[\\"a\\",\\"b\\"]"');
  answers("jsonencode", [1], '"1"');
});

describe("jsondecode", () => {
  answers("jsondecode", [""], "✗ EOF");
  answers("jsondecode", ["nope"], "✗ invalid character 'o' in literal null (expecting 'u')");
  answers("jsondecode", ['{"a": }'], "✗ invalid character '}' looking for beginning of value");
  answers("jsondecode", ["[1,]"], "✗ invalid character ']' looking for beginning of value");
  answers("jsondecode", ["[1"], "✗ EOF");
  answers("jsondecode", ['{"a"'], "✗ EOF");
  answers("jsondecode", ['{"a":1'], "✗ EOF");
  answers("jsondecode", ['{"a":1,}'], "✗ invalid character '}' looking for beginning of object key string");
  answers("jsondecode", ["{a:1}"], "✗ invalid character 'a'");
  answers("jsondecode", ['"abc'], "✗ unexpected EOF");
  answers("jsondecode", ['"a\\x"'], "✗ invalid character 'x' in string escape code");
  answers("jsondecode", ["01"], "✗ extraneous data after JSON object");
  answers("jsondecode", ["1."], "✗ unexpected EOF");
  answers("jsondecode", ["-"], "✗ unexpected EOF");
  answers("jsondecode", ["1e"], "✗ unexpected EOF");
  answers("jsondecode", ["1 2"], "✗ extraneous data after JSON object");
  answers("jsondecode", ["{} {}"], "✗ extraneous data after JSON object");
  answers("jsondecode", ["tru"], "✗ unexpected EOF");
  answers("jsondecode", ["nul"], "✗ unexpected EOF");
  answers("jsondecode", ["truex"], "✗ extraneous data after JSON object");
  answers("jsondecode", ["[1 2]"], "✗ invalid character '2' after array element");
  answers("jsondecode", ['{"a" 1}'], "✗ invalid character '1' after object key");
  answers("jsondecode", ['{"a":1 "b":2}'], "✗ invalid character '\"' after object key:value pair");
  answers("jsondecode", ['{"a":1,"a":2}'], '{"a":2}');
  answers("jsondecode", ['{"a":1,"a":"x"}'], '✗ duplicate "a" property in JSON object');
  answers("jsondecode", ['{"a":1,"a":null}'], '✗ duplicate "a" property in JSON object');
  answers("jsondecode", ['"\\ud83d\\ude00"'], '"😀"');
  answers("jsondecode", ['"\\ud800"'], '"�"');
  answers("jsondecode", ['"a\tb"'], "✗ invalid character '\\t' in string literal");
  answers("jsondecode", ['"a\nb"'], "✗ invalid character '\\n' in string literal");
  answers("jsondecode", [" [ 1 , 2 ] "], "[1,2]");
  answers("jsondecode", ["]"], "✗ invalid character ']' looking for beginning of value");
  answers("jsondecode", ["}"], "✗ invalid character '}' looking for beginning of value");
  answers("jsondecode", [","], "✗ invalid character ',' looking for beginning of value");
  answers("jsondecode", ["'a'"], "✗ invalid character '\\'' looking for beginning of value");
  answers("jsondecode", ["1E5"], "100000");
  answers("jsondecode", ["-0"], "-0");
  answers("jsondecode", ["0.5"], "0.5");
  answers("jsondecode", [".5"], "✗ invalid character '.' looking for beginning of value");
  answers("jsondecode", ["+1"], "✗ invalid character '+' looking for beginning of value");
  answers("jsondecode", ["NaN"], "✗ invalid character 'N' looking for beginning of value");
  answers("jsondecode", ["[1]x"], "✗ extraneous data after JSON object");
  answers("jsondecode", ["é"], "✗ invalid character 'Ã' looking for beginning of value");
  answers("jsondecode", ['{"a":[1,{"b":nope}]}'], "✗ invalid character 'o' in literal null (expecting 'u')");
  answers("jsondecode", ["\ufeff1"], "✗ invalid character 'ï' looking for beginning of value");
  answers("jsondecode", ["["], "✗ EOF");
  answers("jsondecode", ["{"], "✗ EOF");
  answers("jsondecode", ["{1:2}"], "✗ invalid character '1'");
  answers("jsondecode", ['["a",'], "✗ EOF");
  answers("jsondecode", ['{"a":'], "✗ EOF");
  answers("jsondecode", ["fals"], "✗ unexpected EOF");
  answers("jsondecode", ["{,}"], "✗ invalid character ','");
  answers("jsondecode", ["[,]"], "✗ invalid character ',' looking for beginning of value");
  answers("jsondecode", ['"\\u12"'], "✗ invalid character '\"' in \\u hexadecimal character escape");
  answers("jsondecode", ["1a"], "✗ extraneous data after JSON object");
});

describe("csvdecode", () => {
  answers("csvdecode", [""], "✗ missing header line");
  answers("csvdecode", ["\n\n"], "✗ missing header line");
  answers("csvdecode", ["a,a\n"], '✗ duplicate column name "a"');
  answers("csvdecode", ["a,b\n1\n"], "✗ CSV parse error on line 2: wrong number of fields");
  answers("csvdecode", ["a,b\n1,2,3\n"], "✗ CSV parse error on line 2: wrong number of fields");
  answers("csvdecode", ['a,b\n"1,2\n'], '✗ CSV parse error on line 2: extraneous or missing " in quoted-field');
  answers("csvdecode", ['a,b\n1"x,2\n'], '✗ CSV parse error on line 2: bare " in non-quoted-field');
  answers("csvdecode", ['a,b\n"1"x,2\n'], '✗ CSV parse error on line 2: extraneous or missing " in quoted-field');
  answers("csvdecode", ["a,b\n\n1,2\n\n3,4"], '[{"a":"1","b":"2"},{"a":"3","b":"4"}]');
  answers("csvdecode", ['a,b\n1,2\r\n3,"x\r\ny"'], '[{"a":"1","b":"2"},{"a":"3","b":"x\\ny"}]');
  answers("csvdecode", ["a\n \n"], '[{"a":" "}]');
  answers("csvdecode", ["a,b\n\n\n1\n"], "✗ CSV parse error on line 4: wrong number of fields");
  answers("csvdecode", ['a,b\n"x\ny",1\n1\n'], "✗ CSV parse error on line 4: wrong number of fields");
  answers("csvdecode", ['"a""b",c\n1,2'], '[{"a\\"b":"1","c":"2"}]');
  answers("csvdecode", ['a\n""\n'], '[{"a":""}]');
  answers("csvdecode", ["a,\n1,2"], '[{"":"2","a":"1"}]');
  answers("csvdecode", ["a,b\n1,2\r"], '[{"a":"1","b":"2"}]');
  answers("csvdecode", ["a\r\n1\rx\r\n"], '[{"a":"1\\rx"}]');
  answers("csvdecode", ["a;b\n1;2"], '[{"a;b":"1;2"}]');
  answers("csvdecode", ['a,b\n"x" ,1'], '✗ CSV parse error on line 2: extraneous or missing " in quoted-field');
  answers("csvdecode", ['a,b\n "x",1'], '✗ CSV parse error on line 2: bare " in non-quoted-field');
  answers("csvdecode", ["\ufeffa,b\n1,2"], '[{"b":"2","\ufeffa":"1"}]');
  answers("csvdecode", ['a\n"x'], '✗ CSV parse error on line 2: extraneous or missing " in quoted-field');
  answers("csvdecode", ['"a'], '✗ CSV parse error on line 1: extraneous or missing " in quoted-field');
  answers("csvdecode", ['a"'], '✗ CSV parse error on line 1: bare " in non-quoted-field');
  answers("csvdecode", ["a,b\n"], "[]");
});

describe("base64encode", () => {
  answers("base64encode", [""], '""');
});

describe("base64decode", () => {
  answers("base64decode", ["YQ"], "✗ failed to decode base64 data 'YQ'");
  answers("base64decode", ["Y Q=="], "✗ failed to decode base64 data 'Y Q=='");
  answers("base64decode", ["YQ=\n="], '"a"');
  answers("base64decode", ["YQ==\n"], '"a"');
  answers("base64decode", ["YR=="], '"a"');
  answers("base64decode", ["YQ==YQ=="], "✗ failed to decode base64 data 'YQ==YQ=='");
  answers("base64decode", ["===="], "✗ failed to decode base64 data '===='");
  answers("base64decode", ["/w=="], "✗ the result of decoding the the provided string is not valid UTF-8");
  answers("base64decode", ["YQ=a"], "✗ failed to decode base64 data 'YQ=a'");
  answers("base64decode", ["é"], "✗ failed to decode base64 data 'é'");
});

describe("urlencode", () => {
  answers("urlencode", ["a b/é~*'()!"], '"a+b%2F%C3%A9~%2A%27%28%29%21"');
  answers("urlencode", ["日本"], '"%E6%97%A5%E6%9C%AC"');
});
