using System.Globalization;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Texts cut into pieces: whole characters, whole sentences, and nothing lost.</summary>
public sealed class TextChunksTests
{
    public static TheoryData<string> Texts => new(
        "",
        "one",
        "The first sentence. The second is longer! And a third?\nA line. " + new string('x', 90),
        "\u4ECA\u5929\u5929\u6C14\u5F88\u597D\u3002\u6211\u4EEC\u53BB\u516C\u56ED\u8D70\uFF01"
            + "\u4F60\u60F3\u4E00\u8D77\u53BB\u5417\uFF1F\u597D\u7684\u3002",
        string.Concat(Enumerable.Repeat("\U0001F600\U0001F601 ", 20)),
        string.Concat(Enumerable.Repeat("e\u0301a\u0308\u0323", 30)),
        string.Concat(Enumerable.Repeat("\U0001F468\u200D\U0001F469\u200D\U0001F467", 9)),
        "\uD83D\uD83D\uDE00\uDE00 lone surrogates \uDC00");

    [Theory]
    [MemberData(nameof(Texts))]
    public void Pieces_without_an_overlap_are_the_text(string text)
    {
        foreach (int size in (int[])[1, 2, 3, 7, 20, 1000])
        {
            var pieces = TextChunks.Of(text, size, 0).ToList();
            Assert.Equal(text, string.Concat(pieces.Select(piece => piece.Piece)));
            long start = 1;
            foreach ((long at, string piece) in pieces)
            {
                int length = CodePoints.Count(piece);
                Assert.InRange(length, 1, size);
                Assert.Equal(start, at);
                start += length;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_overlap_repeats_the_end_and_never_more(string text)
    {
        foreach ((int size, int overlap) in ((int, int)[])[(2, 1), (7, 3), (20, 10), (20, 5)])
        {
            var pieces = TextChunks.Of(text, size, overlap).ToList();
            for (int i = 1; i < pieces.Count; i++)
            {
                long end = pieces[i - 1].Start + CodePoints.Count(pieces[i - 1].Piece);
                Assert.InRange(end - pieces[i].Start, 0, overlap);
                Assert.True(pieces[i].Start > pieces[i - 1].Start);
            }

            Assert.True(pieces.Sum(piece => piece.Piece.Length) <= (6 * text.Length) + size);
        }
    }

    [Fact]
    public void A_piece_ends_with_a_sentence_or_a_word_where_it_can()
    {
        Assert.Equal(
            ["The first one. ", "The second is ", "longer."],
            TextChunks.Of("The first one. The second is longer.", 16, 0)
                .Select(piece => piece.Piece));
        Assert.Equal(
            ["\u4ECA\u5929\u5F88\u597D\u3002", "\u6211\u4EEC\u8D70\u5427\u3002"],
            TextChunks.Of("\u4ECA\u5929\u5F88\u597D\u3002\u6211\u4EEC\u8D70\u5427\u3002", 8, 0)
                .Select(piece => piece.Piece));
        Assert.Equal(
            "three four five",
            TextChunks.Of("zero one two three four five", 19, 9).ElementAt(1).Piece);
    }

    [Fact]
    public void A_character_of_several_code_points_stays_whole()
    {
        string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
        string text = string.Concat(Enumerable.Repeat(family, 6));
        Assert.All(
            TextChunks.Of(text, 12, 0),
            piece => Assert.Equal(2, new StringInfo(piece.Piece).LengthInTextElements));
    }
}
