using NeuroDb.Gpu;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

public sealed class HashingTextEncoderTests
{
    private static readonly string[] Corpus =
    [
        "Opens a text file, reads all lines of the file, and then closes the file.",
        "Reads a line of characters from the current stream and returns the data as a string.",
        "Compresses data to the underlying stream in the gzip format.",
        "Creates a task that completes when all of the supplied tasks have completed.",
        "Computes the hash of data using the SHA-256 algorithm.",
        "Replaces all strings that match a regular expression with a replacement string.",
        "Sorts the elements of a sequence in descending order according to a key.",
        "Gets the number of elements contained in the list.",
    ];

    private static readonly HashingTextEncoder Encoder =
        HashingTextEncoder.Fit(Corpus, new HashingTextEncoderOptions());

    [Fact]
    public void The_same_text_gives_the_same_bits_from_a_separately_fitted_encoder()
    {
        var other = HashingTextEncoder.Fit(Corpus, new HashingTextEncoderOptions());
        foreach (string text in Corpus)
        {
            Assert.Equal(Bits(Encode(Encoder, text)), Bits(Encode(other, text)));
        }
    }

    [Fact]
    public void The_hash_is_the_documented_one()
    {
        ulong state = FeatureHash.Append(FeatureHash.Start, "read");
        Assert.Equal(ReferenceState("read"), state);
        ulong feature = FeatureHash.Finish(state, FeatureHash.WordKind);
        Assert.Equal(ReferenceMix(state ^ 0x9E3779B97F4A7C15), feature);
        ulong third = unchecked(feature + (3 * 0xD1B54A32D192ED03));
        Assert.Equal(ReferenceMix(third), FeatureHash.Draw(feature, 2));
        Assert.Equal((int)(feature / (1UL << 48)), FeatureHash.Bucket(feature, 16));
    }

    [Fact]
    public void A_text_of_many_blocks_of_words_keeps_its_vector()
    {
        string text = string.Join(" Stop-watch HTMLParser2 na\u00EFve \u6570\u636E\u5E93 ", Corpus);
        uint bits = 17;
        foreach (float number in Encode(Encoder, text + " " + text + " " + text))
        {
            bits = unchecked((bits * 31) + BitConverter.SingleToUInt32Bits(number));
        }

        Assert.Equal(1362788887u, bits);
    }

    [Fact]
    public void One_feature_adds_to_the_coordinates_that_its_hash_draws()
    {
        var options = new HashingTextEncoderOptions { Dimension = 100, GramWeight = 0 };
        float[] vector = Encode(new HashingTextEncoder(options), "read");
        var expected = new float[100];
        ulong feature = ReferenceMix(ReferenceState("read") ^ 0x9E3779B97F4A7C15);
        for (ulong i = 0; i < 2; i++)
        {
            ulong draw = ReferenceMix(unchecked(feature + ((i + 1) * 0xD1B54A32D192ED03)));
            expected[(i * 50) + ((draw >> 32) * 50 >> 32)] = (draw & 1) == 0 ? 1 : -1;
        }

        float length = MathF.Sqrt(2);
        Assert.Equal(expected.Select(v => v * (1 / length)), vector);
    }

    [Fact]
    public void No_single_character_cancels_out()
    {
        var options = new HashingTextEncoderOptions { Dimension = 37, SpreadCount = 5 };
        var encoder = new HashingTextEncoder(options);
        for (char character = '\u4E00'; character < '\u9000'; character++)
        {
            float[] vector = Encode(encoder, character.ToString());
            Assert.Equal(5, vector.Count(value => value != 0));
        }
    }

    [Fact]
    public void Vectors_have_length_one()
    {
        foreach (string text in Corpus)
        {
            Assert.Equal(1, Dot(Encode(Encoder, text), Encode(Encoder, text)), 5);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \t\n")]
    [InlineData("?!, (;) --- ...")]
    [InlineData("\uD83D\uDE00")]
    public void Text_without_letters_or_digits_gives_the_zero_vector(string text)
    {
        var vector = new float[Encoder.Dimension];
        Array.Fill(vector, 7);
        Assert.False(Encoder.Encode(text, vector));
        Assert.All(vector, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("read a text file line by line", 0)]
    [InlineData("compress a stream with gzip", 2)]
    [InlineData("wait for several tasks to complete", 3)]
    [InlineData("SHA256 hash", 4)]
    [InlineData("ReplaceStrings(RegularExpression)", 5)]
    [InlineData("sort descendng", 6)]
    [InlineData("COUNT OF LIST ELEMENTS", 7)]
    public void The_nearest_text_is_the_one_that_shares_rare_words(string question, int answer)
    {
        float[] query = Encode(Encoder, question);
        float[] scores = [.. Corpus.Select(text => Dot(query, Encode(Encoder, text)))];
        Assert.Equal(answer, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public void Words_written_together_and_apart_are_near()
    {
        float near = Dot(Encode(Encoder, "StopWatch"), Encode(Encoder, "stop watch"));
        float joined = Dot(Encode(Encoder, "stopwatch"), Encode(Encoder, "stop watch"));
        float far = Dot(Encode(Encoder, "stopwatch"), Encode(Encoder, "regular expression"));
        Assert.Equal(1, near, 5);
        Assert.True(joined > far + 0.3f, $"{joined} {far}");
    }

    [Fact]
    public void Rare_words_count_more_than_common_ones()
    {
        float[] query = Encode(Encoder, "the gzip");
        float rare = Dot(query, Encode(Encoder, "gzip"));
        float common = Dot(query, Encode(Encoder, "the"));
        Assert.True(rare > common, $"{rare} {common}");
    }

    [Fact]
    public void Chinese_text_is_near_text_with_the_same_characters()
    {
        // Read a text file; write a text file; compute the weather of tomorrow.
        const string Read = "\u8BFB\u53D6\u6587\u672C\u6587\u4EF6";
        const string Write = "\u5199\u5165\u6587\u672C\u6587\u4EF6";
        const string Weather = "\u660E\u5929\u7684\u5929\u6C14";
        var encoder = HashingTextEncoder.Fit([Read, Write, Weather], new());
        float near = Dot(Encode(encoder, Read), Encode(encoder, Write));
        float far = Dot(Encode(encoder, Read), Encode(encoder, Weather));
        Assert.True(near > 0.3f, $"{near}");
        Assert.True(Math.Abs(far) < 0.2f, $"{far}");

        // The order of characters counts, because neighbours are a feature.
        const string Reversed = "\u4EF6\u6587\u672C\u6587\u53D6\u8BFB";
        Assert.True(Dot(Encode(encoder, Read), Encode(encoder, Reversed)) < 0.95f);
    }

    [Fact]
    public void A_batch_gives_the_vectors_of_single_texts()
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"{Corpus[i % 8]} number {i}")];
        var vectors = new float[texts.Length * Encoder.Dimension];
        Encoder.EncodeBatch(texts, vectors, new SystemWorkers(4));
        for (int i = 0; i < texts.Length; i++)
        {
            Span<float> row = vectors.AsSpan(i * Encoder.Dimension, Encoder.Dimension);
            Assert.Equal(Bits(Encode(Encoder, texts[i])), Bits(row.ToArray()));
        }
    }

    [Fact]
    public void Encoding_allocates_nothing_in_steady_state()
    {
        // The first round warms up, and a collection may empty pools between rounds.
        var vector = new float[Encoder.Dimension];
        var allocated = new long[5];
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                Encoder.Encode(Corpus[i % Corpus.Length], vector);
            }

            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Contains(0, allocated);
    }

    [Fact]
    public void A_long_text_with_many_features_is_encoded_and_the_next_one_is_not_touched_by_it()
    {
        float[] before = Encode(Encoder, Corpus[1]);
        string text = string.Join(' ', Enumerable.Range(0, 50_000).Select(i => $"word{i}x"));
        Assert.Equal(1, Dot(Encode(Encoder, text), Encode(Encoder, text)), 4);
        Assert.Equal(Bits(before), Bits(Encode(Encoder, Corpus[1])));
    }

    [Fact]
    public void Repeating_a_word_counts_by_the_root()
    {
        var options = new HashingTextEncoderOptions
        {
            GramWeight = 0, PairWeight = 0, Dimension = 4096,
        };
        var encoder = new HashingTextEncoder(options);
        float[] repeated = Encode(encoder, "alpha alpha alpha alpha beta");
        float ratio = Dot(repeated, Encode(encoder, "alpha"))
            / Dot(repeated, Encode(encoder, "beta"));
        Assert.Equal(2, ratio, 3);
    }

    [Fact]
    public void Room_of_another_length_is_refused()
    {
        var error = Assert.Throws<NeuroStoreException>(() => Encoder.Encode("a", new float[3]));
        Assert.Equal(ErrorCode.DimensionMismatch, error.Code);
        error = Assert.Throws<NeuroStoreException>(() =>
            Encoder.EncodeBatch(["a"], new float[3], new SystemWorkers(1)));
        Assert.Equal(ErrorCode.DimensionMismatch, error.Code);
    }

    [Fact]
    public void Fitting_stops_when_cancelled() =>
        Assert.Throws<OperationCanceledException>(() =>
            HashingTextEncoder.Fit(Corpus, new(), new CancellationToken(canceled: true)));

    [Fact]
    public void An_encoder_fitted_on_nothing_weighs_all_features_alike()
    {
        var options = new HashingTextEncoderOptions();
        var fitted = HashingTextEncoder.Fit([], options);
        float[] expected = Encode(new HashingTextEncoder(options), Corpus[0]);
        Assert.Equal(0, fitted.TextCount);
        Assert.Equal(expected, Encode(fitted, Corpus[0]));
    }

    [Theory]
    [InlineData(15, 16, 2, 3, 4, 1, false)]
    [InlineData(16, 16, 2, 3, 4, 1, true)]
    [InlineData(65_536, 16, 2, 3, 4, 1, true)]
    [InlineData(65_537, 16, 2, 3, 4, 1, false)]
    [InlineData(512, 7, 2, 3, 4, 1, false)]
    [InlineData(512, 8, 2, 3, 4, 1, true)]
    [InlineData(512, 24, 2, 3, 4, 1, true)]
    [InlineData(512, 25, 2, 3, 4, 1, false)]
    [InlineData(512, 16, 0, 3, 4, 1, false)]
    [InlineData(512, 16, 1, 3, 4, 1, true)]
    [InlineData(512, 16, 16, 3, 4, 1, true)]
    [InlineData(512, 16, 17, 3, 4, 1, false)]
    [InlineData(512, 16, 2, 0, 4, 1, false)]
    [InlineData(512, 16, 2, 1, 1, 1, true)]
    [InlineData(512, 16, 2, 4, 3, 1, false)]
    [InlineData(512, 16, 2, 8, 8, 1, true)]
    [InlineData(512, 16, 2, 3, 9, 1, false)]
    [InlineData(512, 16, 2, 3, 4, -0.5f, false)]
    [InlineData(512, 16, 2, 3, 4, 16.5f, false)]
    [InlineData(512, 16, 2, 3, 4, float.NaN, false)]
    public void Options_outside_their_limits_are_refused(
        int dimension, int bits, int spread, int shortest, int longest, float weight, bool valid)
    {
        var options = new HashingTextEncoderOptions
        {
            Dimension = dimension,
            BucketBitCount = bits,
            SpreadCount = spread,
            GramLengthMin = shortest,
            GramLengthMax = longest,
            GramWeight = weight,
            PairWeight = weight,
        };

        if (valid)
        {
            Assert.Equal(dimension, new HashingTextEncoder(options).Dimension);
            return;
        }

        var error = Assert.Throws<NeuroStoreException>(() => new HashingTextEncoder(options));
        Assert.Equal(ErrorCode.InvalidSetting, error.Code);
    }

    private static ulong ReferenceState(string text) => text.Aggregate(
        14695981039346656037UL, (state, unit) => unchecked((state ^ unit) * 1099511628211UL));

    private static ulong ReferenceMix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
            value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
            return value ^ (value >> 33);
        }
    }

    private static float[] Encode(HashingTextEncoder encoder, string text)
    {
        var vector = new float[encoder.Dimension];
        Assert.True(encoder.Encode(text, vector));
        return vector;
    }

    private static float Dot(float[] left, float[] right) => left.Zip(right, (a, b) => a * b).Sum();

    private static int[] Bits(float[] vector) =>
        [.. vector.Select(BitConverter.SingleToInt32Bits)];
}
