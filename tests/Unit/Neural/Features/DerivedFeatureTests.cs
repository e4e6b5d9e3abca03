using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Buckets, means of the target, pairs of columns and parts of dates.</summary>
public sealed class DerivedFeatureTests
{
    [Fact]
    public void A_row_that_trains_never_sees_its_own_target()
    {
        // Every value is another, so the means of the others say nothing of a row.
        RawRows rows = Texts([.. Enumerable.Range(0, 200).Select(i => $"k{i}")]);
        rows.Classes = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        FeaturePipeline pipeline = Fit(rows, TransformKind.TargetEncode);
        rows.IsTraining = true;
        float[] trained = Apply(pipeline, rows);
        double correlation = Enumerable.Range(0, 200).Average(
            i => (trained[i] - 0.5) * ((i % 2) - 0.5));
        Assert.True(correlation <= 1e-9, $"{correlation}");
        rows.IsTraining = false;
        float[] later = Apply(pipeline, rows);
        Assert.Equal((0 + (10 * 0.5)) / 11, later[0], 1e-6);
        Assert.Equal((1 + (10 * 0.5)) / 11, later[1], 1e-6);
    }

    [Fact]
    public void Means_are_drawn_to_that_of_all_and_survive_a_file()
    {
        RawRows rows = Texts([.. Enumerable.Range(0, 100).Select(i => i < 90 ? "a" : "b")]);
        rows.Targets = [.. Enumerable.Range(0, 100).Select(i => i < 90 ? 1.0 : 5)];
        FeaturePipeline pipeline = Fit(rows, TransformKind.TargetEncode);
        FeaturePipeline read = Again(pipeline);
        double mean = ((90 * 1) + (10 * 5)) / 100.0;
        foreach (FeaturePipeline it in (FeaturePipeline[])[pipeline, read])
        {
            float[] numbers = Apply(it, Texts(["a", "b", "c", null]));
            Assert.Equal((90 + (10 * mean)) / 100, numbers[0], 1e-5);
            Assert.Equal((50 + (10 * mean)) / 20, numbers[1], 1e-5);
            Assert.Equal(mean, numbers[2], 1e-5);
            Assert.Equal(mean, numbers[3], 1e-5);
        }

        Assert.Equal(ErrorCode.InvalidModel, Assert.ThrowsAny<NeuroStoreException>(
            () => Fit(Texts(["a"]), TransformKind.TargetEncode)).Code);
    }

    [Fact]
    public void Three_classes_have_two_shares()
    {
        RawRows rows = Texts([.. Enumerable.Range(0, 60).Select(i => $"v{i % 3}")]);
        rows.Classes = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        FeaturePipeline pipeline = Fit(rows, TransformKind.TargetEncode);
        Assert.Equal(2, pipeline.Output.Length);
        float[] numbers = Apply(Again(pipeline), Texts(["v0", "v1", "v2"]));
        Assert.True(numbers[2] > 0.7 && numbers[3] < 0.2, "v1 is mostly class 1");
        Assert.True(numbers[4] < 0.2 && numbers[5] > 0.7, "v2 is mostly class 2");
    }

    [Fact]
    public void Buckets_hold_equally_many_and_none_holds_what_is_missing()
    {
        double[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (double)i * i)];
        RawRows rows = Numbers(numbers);
        FeaturePipeline pipeline = Fit(rows, TransformKind.Bucketize, 4);
        Assert.Equal(4, pipeline.Output.Length);
        float[] places = Apply(Again(pipeline), rows);
        for (int bucket = 0; bucket < 4; bucket++)
        {
            Assert.Equal(250, Enumerable.Range(0, 1000).Count(i => places[(4 * i) + bucket] == 1));
        }

        Assert.Equal([0, 0, 0, 0], Apply(pipeline, Numbers([double.NaN])));
        Assert.Equal(1, Fit(Numbers([7, 7, 7]), TransformKind.Bucketize, 4).Output.Length - 1);
    }

    [Fact]
    public void Pairs_have_places_of_their_own_and_need_both_values()
    {
        FeatureColumn[] columns = [FeatureColumn.Text("a"), FeatureColumn.Number("b")];
        var rows = new RawRows(columns, 4) { Count = 4 };
        string?[] texts = ["x", "x", "y", null];
        double[] numbers = [1, 2, 1, 1];
        texts.CopyTo(rows.Texts[0], 0);
        numbers.CopyTo(rows.Numbers[1], 0);
        var spec = new TransformSpec(TransformKind.Cross, "a", 4096) { Partner = columns[1] };
        FeaturePipeline pipeline = FeaturePipeline.Fit(columns, [spec], [rows]);
        Assert.Equal(4096, pipeline.Output.Length);
        FeaturePipeline read = Again(pipeline);
        Assert.Equal(["a", "b"], read.Columns.Select(it => it.Name));
        float[] places = Apply(read, rows);
        int[] found = [.. Enumerable.Range(0, 4).Select(
            row => Array.IndexOf(places[(row * 4096)..((row + 1) * 4096)], 1f))];
        Assert.Equal(3, found[..3].Distinct().Count());
        Assert.Equal(-1, found[3]);
    }

    [Fact]
    public void Dates_turn_around_at_their_ends()
    {
        double day = (new DateTime(2026, 12, 31) - DateTime.UnixEpoch).TotalDays;
        FeaturePipeline pipeline = Fit(Numbers([day]), TransformKind.DateParts, 1);
        Assert.Equal(7, pipeline.Output.Length);
        float[] last = Apply(pipeline, Numbers([day]));
        float[] next = Apply(Again(pipeline), Numbers([day + 1]));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(last[i], next[i], 0.25);
        }

        // A Thursday is the fourth day after a Sunday.
        Assert.Equal(Math.Sin(2 * Math.PI * 4 / 7), last[5], 1e-5);
        FeaturePipeline times = Fit(Numbers([0]), TransformKind.DateParts, 2);
        float[] noon = Apply(times, Numbers([(day + 0.5) * 86_400_000_000]));
        Assert.Equal(0, noon[7], 1e-5);
        Assert.Equal(-1, noon[8], 1e-5);
        var isUsable = new bool[1];
        Assert.Equal(0, pipeline.Apply(Numbers([double.NaN]), new float[7], isUsable));
    }

    private static FeaturePipeline Fit(RawRows rows, TransformKind kind, int size = 0) =>
        FeaturePipeline.Fit(rows.Columns, [new TransformSpec(kind, "a", size)], [rows]);

    private static FeaturePipeline Again(FeaturePipeline pipeline)
    {
        var writer = new ByteWriter();
        pipeline.Write(writer);
        var reader = new ByteReader(writer.ToArray());
        return FeaturePipeline.Read(ref reader);
    }

    private static float[] Apply(FeaturePipeline pipeline, RawRows rows)
    {
        var numbers = new float[rows.Count * pipeline.Output.Length];
        pipeline.Apply(rows, numbers, new bool[rows.Count]);
        return numbers;
    }

    private static RawRows Texts(string?[] texts)
    {
        var rows = new RawRows([FeatureColumn.Text("a")], texts.Length) { Count = texts.Length };
        texts.CopyTo(rows.Texts[0], 0);
        return rows;
    }

    private static RawRows Numbers(double[] numbers)
    {
        var rows = new RawRows(
            [FeatureColumn.Number("a")], numbers.Length) { Count = numbers.Length };
        numbers.CopyTo(rows.Numbers[0], 0);
        return rows;
    }
}
