using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

public sealed class TextTokenizerTests
{
    [Theory]
    [InlineData("Read a text file, line by line.", "read a text file line by line")]
    [InlineData("StreamReader.ReadLineAsync", "stream reader read line async")]
    [InlineData("GZipStream", "g zip stream")]
    [InlineData("XMLHttpRequest", "xml http request")]
    [InlineData("the URLs and IDs of HTML", "the urls and ids of html")]
    [InlineData("snake_case-and-kebab", "snake case and kebab")]
    [InlineData("SHA256 utf8", "sha 256 utf 8")]
    [InlineData("  \t\r\n!?;{}  ", "")]
    [InlineData("", "")]
    [InlineData("don't", "don t")]
    [InlineData("\u4E2D\u6587abc", "\u4E2D \u6587 abc")]
    [InlineData("\u3053\u3093 \uD55C\uAD6D", "\u3053 \u3093 \uD55C \uAD6D")]
    [InlineData("\uFF21\uFF22\uFF23\uFF11", "abc 1")]
    [InlineData("\u041F\u0440\u0438\u0432\u0435\u0442", "\u043F\u0440\u0438\u0432\u0435\u0442")]
    [InlineData("\uD840\uDC00x", "\uD840\uDC00 x")]
    [InlineData("a\uD83D\uDE00b", "a b")]
    [InlineData("a\uD83Db\uDE00", "a b")]
    public void Text_falls_into_words(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Words(text).Select(w => w.Word)));

    [Fact]
    public void A_phrase_continues_over_blanks_and_ends_at_punctuation()
    {
        bool[] continues = [.. Words("one two, three System.IO end. Next").Select(w => w.Phrase)];
        Assert.Equal([false, true, false, true, true, true, false], continues);
    }

    [Fact]
    public void A_run_continues_only_inside_an_identifier()
    {
        bool[] continues = [.. Words("ReadLine by File.Name x1").Select(w => w.Run)];
        Assert.Equal([false, true, false, false, false, false, true], continues);
    }

    [Fact]
    public void A_long_run_is_cut_and_nothing_is_lost()
    {
        string text = new('a', (TextTokenizer.WordLengthMax * 3) + 1);
        int[] lengths = [.. Words(text).Select(w => w.Word.Length)];
        Assert.Equal([64, 64, 64, 1], lengths);
        Assert.Equal([64, 64, 2], Words(new string('B', 130)).Select(w => w.Word.Length));
    }

    [Fact]
    public void Any_sequence_of_units_is_read_to_its_end_into_words_within_the_limit()
    {
        const string Palette =
            "aZ9 .-_'!\u4E2D\uD840\uDC00\uD83D\uDE00\u0301\u0130\u00DF\uFF21\0";
        var random = new SeededRandomSource(7);
        for (int round = 0; round < 2000; round++)
        {
            char[] units = new char[(int)(random.NextUInt64() % 200)];
            for (int i = 0; i < units.Length; i++)
            {
                ulong draw = random.NextUInt64();
                units[i] = round % 2 == 0
                    ? Palette[(int)(draw % (ulong)Palette.Length)]
                    : (char)(draw % 65_536);
            }

            string text = new(units);
            List<(string Word, bool Phrase, bool Run)> words = Words(text);
            Assert.True(words.Sum(w => w.Word.Length) <= text.Length);
            Assert.All(words, w => Assert.InRange(w.Word.Length, 1, 64));
            if (round % 2 == 0)
            {
                Assert.Equal(
                    units.Count(unit => unit == '9'),
                    words.Sum(w => w.Word.Count(unit => unit == '9')));
            }
        }
    }

    [Theory]
    [InlineData("reads", "read")]
    [InlineData("reading", "read")]
    [InlineData("queries", "query")]
    [InlineData("classes", "class")]
    [InlineData("boxes", "box")]
    [InlineData("caches", "cach")]
    [InlineData("cache", "cach")]
    [InlineData("computing", "comput")]
    [InlineData("computed", "comput")]
    [InlineData("computes", "comput")]
    [InlineData("running", "run")]
    [InlineData("process", "process")]
    [InlineData("status", "status")]
    [InlineData("string", "string")]
    [InlineData("need", "need")]
    [InlineData("as", "as")]
    [InlineData("\u00E9t\u00E9s", "\u00E9t\u00E9")]
    public void English_endings_are_taken_off(string word, string stem)
    {
        char[] units = word.ToCharArray();
        int length = EnglishStemmer.Stem(units);
        Assert.Equal(stem, new string(units, 0, length));
    }

    private static List<(string Word, bool Phrase, bool Run)> Words(string text)
    {
        var words = new List<(string, bool, bool)>();
        var tokenizer = new TextTokenizer(text, new char[TextTokenizer.WordLengthMax]);
        while (tokenizer.MoveNext())
        {
            words.Add((
                tokenizer.Word.ToString(), tokenizer.ContinuesPhrase, tokenizer.ContinuesRun));
        }

        return words;
    }
}
