using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Chains of tags and what trains them.</summary>
public sealed class TaggerTests
{
    private const int Tags = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_chain_says_what_counting_all_sequences_says(int length)
    {
        var random = new Random(length);
        float[] Draw(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        float[] transitions = Draw((Tags + 1) * Tags);
        var chain = new TagChain(Tags);
        chain.Begin(length);
        Draw(length * Tags).CopyTo(chain.Scores);
        var all = new List<(int[] Sequence, double Weight)>();
        for (int code = 0; code < (int)Math.Pow(Tags, length); code++)
        {
            int rest = code;
            var sequence = new int[length];
            for (int i = 0; i < length; i++, rest /= Tags)
            {
                sequence[i] = rest % Tags;
            }

            all.Add((sequence, Math.Exp(chain.ScoreOf(transitions, sequence))));
        }

        double total = all.Sum(static it => it.Weight);
        Assert.Equal(Math.Log(total), chain.Sum(transitions), 6);
        double Share(Func<int[], bool> has) =>
            all.Where(it => has(it.Sequence)).Sum(static it => it.Weight) / total;
        for (int i = 0; i < length; i++)
        {
            for (int tag = 0; tag < Tags; tag++)
            {
                (int place, int wanted) = (i, tag);
                Assert.Equal(
                    Share(it => it[place] == wanted), chain.ProbabilityOf(place, wanted), 6);
                Assert.Equal(
                    Share(it => it[place] == wanted), chain.ProbabilityOf(place, [wanted]), 6);
                if (i > 0)
                {
                    Assert.Equal(
                        Share(it => it[place - 1] == 2 && it[place] == wanted),
                        chain.ProbabilityOf(place, 2, wanted),
                        6);
                    Assert.Equal(
                        chain.ProbabilityOf(place, 2, wanted),
                        chain.ProbabilityOf(place - 1, [2, wanted]),
                        6);
                }
            }
        }

        var best = new int[length];
        chain.Decode(transitions, best);
        Assert.Equal(all.MaxBy(static it => it.Weight).Sequence, best);
    }

    [Fact]
    public void A_long_chain_does_not_leave_the_numbers()
    {
        var chain = new TagChain(Tags);
        chain.Begin(100_000);
        chain.Scores.Fill(50);
        Assert.Equal(
            100_000 * (50 + Math.Log(Tags)), chain.Sum(new float[(Tags + 1) * Tags]), 1e-3);
        Assert.Equal(1.0 / Tags, chain.ProbabilityOf(77_777, 1), 9);
    }

    [Fact]
    public void Texts_are_cut_into_words_numbers_signs_and_letters_without_gaps()
    {
        const string Text = "  B2B, \u4F60\u597D \"x.\" ... \U0001F600a";
        TextToken[] tokens = TokenCutter.Cut(Text);
        Assert.Equal(
            [
                "B2B", ",", "\u4F60", "\u597D", "\"", "x", ".", "\"", ".", ".", ".",
                "\U0001F600", "a",
            ],
            tokens.Select(it => Text.Substring(it.Start, it.Length)));
        Assert.Equal(
            [
                new TextUnit(0, 0, 1, 2), new TextUnit(2, 2, 4, 4), new TextUnit(4, 5, 6, 8),
                new TextUnit(8, 8, 11, 11), new TextUnit(11, 11, 13, 13),
            ],
            TokenCutter.WordsOf(Text, tokens));
        Assert.Empty(TokenCutter.Cut(" \t "));
    }

    [Fact]
    public void Equal_seeds_give_equal_numbers_and_every_pass_learns()
    {
        (TaggerModel first, double[] losses) = Train(1);
        Assert.Equal(ModelTrainer.HashOf(first), ModelTrainer.HashOf(Train(1).Model));
        Assert.NotEqual(ModelTrainer.HashOf(first), ModelTrainer.HashOf(Train(2).Model));
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.True(losses[^1] < 0.05, $"{losses[^1]}");
    }

    [Fact]
    public void What_only_goes_on_never_begins_where_no_training_text_has_it()
    {
        (TaggerModel model, _) = Train(1);
        var run = new TaggerRun(model);
        int[] tags = run.Tag("York York York", TokenCutter.Cut("York York York"));
        Assert.NotEqual(2, tags[0]);
        ReadOnlySpan<float> transitions = model.Transitions.Span;
        Assert.Equal(TaggerTrainer.Forbidden, transitions[2]);
        Assert.Equal(TaggerTrainer.Forbidden, transitions[(3 * 3) + 2]);
        Assert.True(transitions[(1 * 3) + 2] > 0);
    }

    [Fact]
    public void A_tagger_comes_back_from_its_file_and_others_are_refused()
    {
        (TaggerModel model, _) = Train(1);
        var package = new ModelPackage(model, null, [], new Dictionary<string, string>());
        Model read = ModelFile.Read(ModelFile.Write(package)).Model;
        Assert.Equal(ModelTrainer.HashOf(model), ModelTrainer.HashOf(read));
        Dictionary<string, Tensor> tensors =
            model.Tensors.ToDictionary(static it => it.Name, static it => it);
        tensors["transitions"] = Tensor.Create("transitions", 3, 3);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => TaggerModel.FromTensors(model.Architecture, tensors));
        Assert.Equal(ErrorCode.MalformedModel, error.Code);
    }

    // O, B-LOC and I-LOC have the numbers 0, 1 and 2.
    private static (TaggerModel Model, double[] Losses) Train(ulong seed)
    {
        var names = new TagNames(["O", "B-LOC", "I-LOC"]);
        TaggedText[] texts =
        [
            .. Enumerable.Range(0, 40).Select(i =>
            {
                string text = i % 2 == 0 ? $"number {i} in New York now" : $"then {i} is in Rome";
                TextToken[] tokens = TokenCutter.Cut(text);
                return new TaggedText(
                    text,
                    tokens,
                    TokenCutter.WordsOf(text, tokens),
                    i % 2 == 0 ? [0, 0, 0, 1, 2, 0] : [0, 0, 0, 0, 1]);
            }),
        ];
        var trainer = new TaggerTrainer(
            texts, names, 2, new TrainingOptions { LearningRate = 0.1, Seed = seed });
        double[] losses =
            [.. Enumerable.Range(1, 6).Select(pass => trainer.RunPass(pass, default))];
        return (trainer.Copy(names), losses);
    }
}
