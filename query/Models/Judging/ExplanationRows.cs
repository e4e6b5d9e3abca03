using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows that explain one prediction.</summary>
internal static class ExplanationRows
{
    /// <summary>The columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("feature", DataType.Text), ("value", DataType.Text),
        ("contribution", DataType.Double), ("standard_error", DataType.Double),
    ];

    /// <summary>
    /// The base, the columns that moved the prediction most, all others in one row, and the
    /// prediction: the contributions before it add up to it.
    /// </summary>
    public static IReadOnlyList<Value[]> Of(
        PredictionExplainer explainer, RawRows raw, int row, float[] features, int top,
        int samples)
    {
        (string said, int output) = explainer.Say(features);
        FeatureShares shares = explainer.Explain(features, output, samples);
        int[] order = [.. Enumerable.Range(0, shares.Shares.Length)
            .OrderByDescending(i => Math.Abs(shares.Shares[i])).ThenBy(static i => i)];
        int shown = top == 0 ? order.Length : Math.Min(top, order.Length);
        var rows = new List<Value[]>
        {
            Row("(average of training rows)", null, shares.Base, null),
        };
        foreach (int i in order.Take(shown))
        {
            var group = explainer.Groups[i];
            rows.Add(Row(
                group.Name,
                PredictionExplainer.TextOf(raw, group.Column, row),
                shares.Shares[i],
                shares.StandardErrors[i]));
        }

        if (shown < order.Length)
        {
            rows.Add(Row(
                "(other features)", null, order.Skip(shown).Sum(i => shares.Shares[i]), null));
        }

        rows.Add(Row("(prediction)", said, shares.Prediction, null));
        return rows;
    }

    /// <summary>The squares of an image on which a prediction rests, from the strongest.</summary>
    public static IReadOnlyList<Value[]> OfImage(
        PredictionExplainer explainer, ModelVersion version, float[] features, int top)
    {
        (string said, int output) = explainer.Say(features);
        TensorShape shape = version.Pipeline.Output;
        var squares = Occlusion.Explain(version.Model, shape, features, output)
            .OrderByDescending(static square => square.Fall).ToList();
        var outputs = new float[version.Model.OutputCount];
        version.Model.Predict(features, 1, outputs);
        return
        [
            .. squares.Take(top == 0 ? squares.Count : top).Select(square => Row(
                "pixels from row "
                    + LayerNames.Number(square.Top) + ", column " + LayerNames.Number(square.Left),
                $"{LayerNames.Number(square.Side)}x{LayerNames.Number(square.Side)}",
                square.Fall,
                null)),
            Row("(prediction)", said, outputs[output], null),
        ];
    }

    /// <summary>The columns, or squares of an image, by the slopes on the way from a base.
    /// </summary>
    public static IReadOnlyList<Value[]> OfSlopes(
        PredictionExplainer explainer,
        ModelVersion version,
        RawRows raw,
        float[] features,
        int top,
        bool isImage)
    {
        (string said, int output) = explainer.Say(features);
        (double[] shares, double origin) = explainer.Integrate(features, output, isImage);
        List<(string Name, string Value, double Share)> parts = isImage
            ? SquaresOf(version.Pipeline.Output, shares)
            : [.. explainer.Groups.Select(group => (
                group.Name,
                PredictionExplainer.TextOf(raw, group.Column, 0),
                shares.AsSpan(group.Start, group.Length).ToArray().Sum()))];
        parts = [.. parts.OrderByDescending(static it => Math.Abs(it.Share))];
        int shown = top == 0 ? parts.Count : Math.Min(top, parts.Count);
        var outputs = new float[version.Model.OutputCount];
        version.Model.Predict(features, 1, outputs);
        var rows = new List<Value[]>
        {
            Row(isImage ? "(black image)" : "(mean of training rows)", null, origin, null),
        };
        rows.AddRange(parts.Take(shown)
            .Select(static it => Row(it.Name, it.Value, it.Share, null)));
        if (shown < parts.Count)
        {
            rows.Add(Row(
                "(other features)", null, parts.Skip(shown).Sum(static it => it.Share), null));
        }

        rows.Add(Row("(prediction)", said, outputs[output], null));
        return rows;
    }

    private static List<(string Name, string Value, double Share)> SquaresOf(
        TensorShape shape, double[] shares)
    {
        const int SquaresPerSide = 8;
        int side = Math.Max(
            1, (Math.Max(shape.Height, shape.Width) + SquaresPerSide - 1) / SquaresPerSide);
        var sums = new SortedDictionary<(int Top, int Left), double>();
        for (int i = 0; i < shares.Length; i++)
        {
            int place = i / shape.Channels;
            (int, int) square = (
                place / shape.Width / side * side, place % shape.Width / side * side);
            sums[square] = sums.GetValueOrDefault(square) + shares[i];
        }

        string size = $"{LayerNames.Number(side)}x{LayerNames.Number(side)}";
        return [.. sums.Select(it => (
            $"pixels from row {LayerNames.Number(it.Key.Top)}, column "
                + LayerNames.Number(it.Key.Left),
            size,
            it.Value))];
    }

    private static Value[] Row(
        string feature, string? value, double contribution, double? error) =>
    [
        Value.Of(feature), value is null ? Value.Null : Value.Of(value), Value.Of(contribution),
        error is double known ? Value.Of(known) : Value.Null,
    ];
}
