using System.Text;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Tokens that are learned from texts: pieces, merges, probabilities, files.</summary>
public sealed class TokenizerTests
{
    private static readonly string[] Sentences =
    [
        "the lowest of the low and the newest of the new", "lower, lower, and wider still!",
        "print(\"hello\\n\") # 42 + 17 = 59",
        "\u60a3\u8005\u7684\u75be\u75c5\u4e3a\u7cd6\u5c3f\u75c5",
        "\u54ea\u4e9b\u836f\u7269\u6cbb\u7597\u7cd6\u5c3f\u75c5\uff1f"
            + "\u60a3\u8005\u559d\u6c34\u3002",
        "na\u00efve caf\u00e9 \ud83d\ude00\ud83d\ude00  two  spaces\tand\ttabs\n\n",
    ];

    [Theory]
    [InlineData("a big  cat", "a| big| | cat")]
    [InlineData("  x", " | x")]
    [InlineData("x  ", "x|  ")]
    [InlineData("a\n\tb", "a|\n\t|b")]
    [InlineData("a1b2, c !", "a|1|b|2|,| c| |!")]
    [InlineData("a  \u60a3", "a|  |\u60a3")]
    [InlineData("\u60a3\u8005A\u7684\uff1a", "\u60a3\u8005|A|\u7684|\uff1a")]
    [InlineData("\u306d\u3053\u732b", "\u306d\u3053|\u732b")]
    public void Texts_are_cut_where_the_class_of_characters_changes(string text, string expected)
    {
        var found = new List<string>();
        var pieces = new TokenPieces(Encoding.UTF8.GetBytes(text));
        while (pieces.MoveNext())
        {
            found.Add(Encoding.UTF8.GetString(pieces.Current));
        }

        Assert.Equal(expected, string.Join('|', found));
    }

    [Fact]
    public void Pieces_are_all_bytes_and_never_too_long()
    {
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = RandomBytes(random);
            var joined = new List<byte>();
            var pieces = new TokenPieces(bytes);
            while (pieces.MoveNext())
            {
                Assert.InRange(pieces.Current.Length, 1, TokenPieces.LengthMax);
                joined.AddRange(pieces.Current);
            }

            Assert.Equal(bytes, joined);
        }
    }

    // The words of Sennrich et al., ACL 2016: low x 5, lower x 2, newest x 6, widest x 3. Pairs:
    // e-s 9, s-t 9, w-e 8 ... The smaller tokens first: "es" (101, 115), then "est" 9, then
    // "lo" 7 before "ow" 7, "low" 7; of the pairs with 6, e-w before n-e and w-est, then n-ew.
    [Fact]
    public void Merges_are_those_of_the_paper()
    {
        BytePairTokenizer tokenizer = BytePairTrainer.Train(
            Count(("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)), 256 + 7);

        Assert.Equal(
            ["es", "est", "lo", "low", "ew", "new", "newest"],
            Enumerable.Range(256, 7).Select(it => Text(tokenizer.BytesOf(it))));
        Assert.Equal((101, 115), tokenizer.Merges[0]);
        Assert.Equal((256, 116), tokenizer.Merges[1]);
        Assert.Equal(["low", "est"], Cut(tokenizer, "lowest"));
        Assert.Equal(["n", "ew"], Cut(BytePairTrainer.Train(
            Count(("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)), 256 + 5), "new"));
    }

    // Two merges, "aa" and then "aaaa": seven letters are aaaa, aa, a.
    [Fact]
    public void Equal_neighbours_are_merged_from_the_left()
    {
        BytePairTokenizer tokenizer = BytePairTrainer.Train(Count(("aaaaaaaa", 10)), 256 + 2);

        Assert.Equal(["aa", "aaaa"], [Text(tokenizer.BytesOf(256)), Text(tokenizer.BytesOf(257))]);
        Assert.Equal(["aaaa", "aa", "a"], Cut(tokenizer, "aaaaaaa"));
    }

    [Fact]
    public void Merging_piece_by_piece_is_merging_all_pairs_of_a_rank_at_once()
    {
        var random = new Random(5);
        BytePairTokenizer tokenizer = (BytePairTokenizer)Learn(TokenizerKind.Bpe, 400);
        for (int round = 0; round < 200; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => "lowernsthadif"[random.Next(13)])]);
            Assert.Equal(Merge(tokenizer, text), Cut(tokenizer, text));
        }
    }

    // p(a) = .5, p(b) = .2, p(ab) = .3: "ab" is .3 + .5 * .2 = .4, so ab is expected 3/4 times.
    [Fact]
    public void Expected_counts_are_those_of_all_cuts()
    {
        var trie = new TokenTrie([[(byte)'a'], [(byte)'b'], "ab"u8.ToArray()]);
        double[] scores = [Math.Log(.5), Math.Log(.2), Math.Log(.3)];
        var expected = new double[3];

        double likelihood = new UnigramLattice(trie, scores).Expect("ab"u8, 8, expected);

        Assert.Equal(Math.Log(.4), likelihood, 1e-12);
        Assert.Equal(2, expected[0], 1e-9);
        Assert.Equal(2, expected[1], 1e-9);
        Assert.Equal(6, expected[2], 1e-9);
    }

    // "abb" is a.bb .5 * .1 = .05, ab.b .3 * .2 = .06 or a.b.b .02; without ab it is a.bb.
    [Fact]
    public void The_likeliest_cut_wins()
    {
        byte[][] names = [[(byte)'a'], [(byte)'b'], "ab"u8.ToArray(), "bb"u8.ToArray()];
        double[] p = [.5, .2, .3, .1];
        var best = new List<(int Token, int End)>();
        var lattice = new UnigramLattice(
            new TokenTrie(names), [.. p.Select(static it => Math.Log(it))]);

        lattice.FindBest("abb"u8, -1, best);
        Assert.Equal([(1, 3), (2, 2)], best);
        lattice.FindBest("abb"u8, 2, best);
        Assert.Equal([(3, 3), (0, 1)], best);

        var scores = new float[258];
        Array.Fill(scores, -20);
        (scores['a'], scores['b']) = ((float)Math.Log(.5), (float)Math.Log(.2));
        (scores[256], scores[257]) = ((float)Math.Log(.3), (float)Math.Log(.1));
        var tokenizer = new UnigramTokenizer([names[2], names[3]], scores);
        Assert.Equal(["ab", "b"], Cut(tokenizer, "abb"));
        Assert.Equal(["c", "ab"], Cut(tokenizer, "cab"));
    }

    // In this text every letter but those of "hello" comes alone, so the word is worth a token.
    [Fact]
    public void A_unigram_model_keeps_what_the_texts_repeat()
    {
        UnigramTokenizer tokenizer = UnigramTrainer.Train(
            Count(("hello", 50), ("hxeyl", 3), ("lzo", 3), ("ohe", 2)), 256 + 3);

        Assert.Contains("hello", Enumerable.Range(256, tokenizer.Count - 256)
            .Select(it => Text(tokenizer.BytesOf(it))));
        Assert.Equal(["hello"], Cut(tokenizer, "hello"));
        double all = Enumerable.Range(0, tokenizer.Count)
            .Where(it => tokenizer.Scores[it] > -20).Sum(it => Math.Exp(tokenizer.Scores[it]));
        Assert.InRange(all, .99, 1.01);
    }

    [Theory]
    [InlineData((int)TokenizerKind.Bpe)]
    [InlineData((int)TokenizerKind.Unigram)]
    public void Words_of_a_script_without_gaps_become_tokens(int kind)
    {
        var pieces = new PieceCounts();
        string[] words =
        [
            "\u7cd6\u5c3f\u75c5", "\u60a3\u8005", "\u533b\u9662", "\u836f\u7269", "\u6cbb\u7597",
        ];
        var random = new Random(4);
        for (int i = 0; i < 400; i++)
        {
            pieces.Add(Encoding.UTF8.GetBytes(string.Concat(
                Enumerable.Range(0, 6).Select(_ => words[random.Next(words.Length)]))));
        }

        SubwordTokenizer tokenizer =
            SubwordTokenizer.Train(new TokenizerSpec((TokenizerKind)kind, 256 + 40), pieces);

        string text = string.Concat(words[0], words[3], words[1]);
        Assert.InRange(Cut(tokenizer, text).Length, 1, 4);
    }

    [Theory]
    [InlineData((int)TokenizerKind.Bpe)]
    [InlineData((int)TokenizerKind.Unigram)]
    public void Any_bytes_come_back(int kind)
    {
        SubwordTokenizer tokenizer = Learn((TokenizerKind)kind, 500);
        var random = new Random(9);
        var tokens = new List<int>();
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = round < Sentences.Length
                ? Encoding.UTF8.GetBytes(Sentences[round]) : RandomBytes(random);
            tokens.Clear();
            tokenizer.Encode(bytes, tokens);
            Assert.Equal(bytes, tokenizer.Decode([.. tokens]));
        }
    }

    [Theory]
    [InlineData((int)TokenizerKind.Bpe)]
    [InlineData((int)TokenizerKind.Unigram)]
    public void A_tokenizer_comes_back_from_its_bytes_and_the_order_of_texts_is_nothing(int kind)
    {
        SubwordTokenizer first = Learn((TokenizerKind)kind, 450);
        var pieces = new PieceCounts();
        foreach (string text in Sentences.Reverse())
        {
            pieces.Add(SubwordTokenizer.BytesOf(text));
        }

        SubwordTokenizer second =
            SubwordTokenizer.Train(new TokenizerSpec((TokenizerKind)kind, 450), pieces);
        byte[] bytes = Written(first);
        var reader = new ByteReader(bytes);
        SubwordTokenizer read = SubwordTokenizer.Read(ref reader);

        Assert.Equal(bytes, Written(second));
        Assert.Equal(bytes, Written(read));
        Assert.Equal(0, reader.Left);
        foreach (string text in Sentences)
        {
            Assert.Equal(
                first.EncodeText(text).ToArray(), read.EncodeText(text).ToArray());
        }
    }

    [Theory]
    [InlineData((int)TokenizerKind.Bpe)]
    [InlineData((int)TokenizerKind.Unigram)]
    public void Changed_bytes_are_a_tokenizer_or_a_typed_error(int kind)
    {
        byte[] bytes = Written(Learn((TokenizerKind)kind, 300));
        var random = new Random(11);
        var tokens = new List<int>();
        for (int round = 0; round < 2000; round++)
        {
            byte[] changed = [.. bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                var reader = new ByteReader(changed);
                SubwordTokenizer read = SubwordTokenizer.Read(ref reader);
                tokens.Clear();
                read.Encode("the lowest"u8, tokens);
                Assert.Equal("the lowest"u8.ToArray(), read.Decode([.. tokens]));
            }
            catch (NeuroStoreException error)
            {
                Assert.Equal(ErrorCode.MalformedModel, error.Code);
            }
        }
    }

    [Fact]
    public void A_trie_finds_its_tokens_and_no_others()
    {
        var random = new Random(6);
        var names = new Dictionary<string, byte[]>();
        while (names.Count < 3000)
        {
            byte[] name = [.. Enumerable.Range(0, random.Next(1, 7))
                .Select(_ => (byte)random.Next(random.Next(2) == 0 ? 256 : 4))];
            names[Convert.ToHexString(name)] = name;
        }

        byte[][] kept = [.. names.Values.Take(2000)];
        var trie = new TokenTrie(kept);

        Assert.All(Enumerable.Range(0, kept.Length), i => Assert.Equal(i, trie.Find(kept[i])));
        Assert.All(names.Values.Skip(2000), name => Assert.Equal(TokenTrie.None, trie.Find(name)));
    }

    // The plain algorithm: the first merge that fits anywhere is done everywhere.
    private static string[] Merge(BytePairTokenizer tokenizer, string text)
    {
        List<int> parts = [.. Encoding.UTF8.GetBytes(text).Select(static it => (int)it)];
        for (int rank = 0; rank < tokenizer.Merges.Count; rank++)
        {
            for (int i = 0; i + 1 < parts.Count; i++)
            {
                if ((parts[i], parts[i + 1]) == tokenizer.Merges[rank])
                {
                    parts[i] = 256 + rank;
                    parts.RemoveAt(i + 1);
                }
            }
        }

        return [.. parts.Select(it => Text(tokenizer.BytesOf(it)))];
    }

    private static string[] Cut(SubwordTokenizer tokenizer, string text)
    {
        var tokens = new List<int>();
        tokenizer.Encode(Encoding.UTF8.GetBytes(text), tokens);
        return [.. tokens.Select(it => Text(tokenizer.BytesOf(it)))];
    }

    private static SubwordTokenizer Learn(TokenizerKind kind, int vocabulary)
    {
        var pieces = new PieceCounts();
        foreach (string text in Sentences)
        {
            pieces.Add(SubwordTokenizer.BytesOf(text));
        }

        return SubwordTokenizer.Train(new TokenizerSpec(kind, vocabulary), pieces);
    }

    private static PieceCounts Count(params (string Word, int Times)[] words)
    {
        var pieces = new PieceCounts();
        foreach ((string word, int times) in words)
        {
            for (int i = 0; i < times; i++)
            {
                pieces.Add(Encoding.UTF8.GetBytes(word));
            }
        }

        return pieces;
    }

    private static byte[] Written(SubwordTokenizer tokenizer)
    {
        var writer = new ByteWriter();
        tokenizer.Write(writer);
        return writer.ToArray();
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, 400)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)" the\u00e4\u00f6 lowr\n"[bytes[i] % 12];
            }
        }

        return bytes;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
