using System.Globalization;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Turns the outputs of a model into columns of SQL values.</summary>
internal static class PredictionValues
{
    /// <summary>A column; NULL for rows that the model could not use.</summary>
    /// <param name="predictor">The outputs.</param>
    /// <param name="prediction">What is asked for.</param>
    /// <param name="argument">The label or the level for each row, if one is asked for.</param>
    public static ColumnBuffer Build(
        ModelPredictor predictor, PredictionExpression prediction, ColumnBuffer? argument)
    {
        DataType type = prediction.Type;
        var predicted = new PredictedOutputs(predictor, prediction.Target);
        return prediction.Kind switch
        {
            PredictionKind.All => Targets(predicted, type),
            PredictionKind.Value when predictor.Tagger is not null =>
                TagValues.Build(predictor, type, NullsOf(predicted)),
            PredictionKind.Value when predicted.Version.Info.Task == ModelTask.Classifier =>
                Labels(predicted, type),
            PredictionKind.Value => Values(predicted, type),
            PredictionKind.Embedding => Vectors(predicted, type),
            PredictionKind.BestProbability => Numbers(
                predicted, type, (outputs, row) => Probability(outputs, Best(outputs))),
            PredictionKind.Distance => Numbers(predicted, type, (outputs, row) => outputs[1]),
            PredictionKind.Probability => LabelProbability(
                predicted, type, argument!, prediction.Inputs.Position),
            PredictionKind.Probabilities => AllProbabilities(predicted, type),
            _ => Intervals(predicted, type, argument!, prediction.Inputs.Position),
        };
    }

    /// <summary>
    /// The number of the most probable class, the first of equals; a single output is the
    /// probability of the second of two classes.
    /// </summary>
    public static int Best(ReadOnlySpan<float> outputs)
    {
        if (outputs.Length == 1)
        {
            return outputs[0] >= 0.5f ? 1 : 0;
        }

        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            best = outputs[i] > outputs[best] ? i : best;
        }

        return best;
    }

    /// <summary>The probability of a class.</summary>
    public static double Probability(ReadOnlySpan<float> outputs, int label) =>
        outputs.Length > 1 ? outputs[label] : label == 1 ? outputs[0] : 1.0 - outputs[0];

    private static byte[]? NullsOf(PredictedOutputs predictor)
    {
        ReadOnlySpan<bool> isUsable = predictor.IsUsable;
        if (!isUsable.Contains(false))
        {
            return null;
        }

        var nulls = new byte[isUsable.Length];
        for (int i = 0; i < nulls.Length; i++)
        {
            nulls[i] = isUsable[i] ? (byte)0 : (byte)1;
        }

        return nulls;
    }

    private static ColumnBuffer Labels(PredictedOutputs predictor, DataType type) =>
        type.Physical switch
        {
            PhysicalKind.Text => Labels<string>(predictor, type),
            PhysicalKind.Int64 => Labels<long>(predictor, type),
            PhysicalKind.Uuid => Labels<Guid>(predictor, type),
            PhysicalKind.Decimal => Labels<decimal>(predictor, type),
            _ => Labels<double>(predictor, type),
        };

    private static ColumnBuffer<T> Labels<T>(PredictedOutputs predictor, DataType type)
    {
        T[] labels = [.. predictor.Version.LabelValues.Select(PhysicalValue.To<T>)];
        var values = new T[predictor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = predictor.IsUsable[i] ? labels[Best(predictor.Row(i))] : default!;
        }

        return new ColumnBuffer<T>(
            type, values, 0, values.Length, new NullMask(NullsOf(predictor)));
    }

    private static ColumnBuffer Values(PredictedOutputs predictor, DataType type)
    {
        int count = predictor.Count;
        byte[]? nulls = NullsOf(predictor);
        switch (predictor.Version.Info.Task)
        {
            case ModelTask.Cluster:
                var numbers = new long[count];
                for (int i = 0; i < count; i++)
                {
                    numbers[i] = (long)predictor.Row(i)[0];
                }

                return new ColumnBuffer<long>(type, numbers, 0, count, new NullMask(nulls));
            case ModelTask.Embedder:
                return Vectors(predictor, type);
            default:
                var values = new double[count];
                for (int i = 0; i < count; i++)
                {
                    values[i] = predictor.Row(i)[0];
                }

                return new ColumnBuffer<double>(type, values, 0, count, new NullMask(nulls));
        }
    }

    private static ColumnBuffer<ReadOnlyMemory<float>> Vectors(
        PredictedOutputs predictor, DataType type)
    {
        int width = predictor.Width;
        var all = new float[predictor.Count * width];
        var vectors = new ReadOnlyMemory<float>[predictor.Count];
        for (int i = 0; i < vectors.Length; i++)
        {
            predictor.Row(i).CopyTo(all.AsSpan(i * width));
            vectors[i] = all.AsMemory(i * width, width);
        }

        return new ColumnBuffer<ReadOnlyMemory<float>>(
            type, vectors, 0, vectors.Length, new NullMask(NullsOf(predictor)));
    }

    private static ColumnBuffer<double> Numbers(
        PredictedOutputs predictor, DataType type, RowNumber number)
    {
        var values = new double[predictor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = predictor.IsUsable[i] ? number(predictor.Row(i), i) : 0;
        }

        return new ColumnBuffer<double>(
            type, values, 0, values.Length, new NullMask(NullsOf(predictor)));
    }

    private static ColumnBuffer<double> LabelProbability(
        PredictedOutputs predictor, DataType type, ColumnBuffer labels, SourcePosition position)
    {
        IReadOnlyList<string> known = predictor.Version.Labels;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < known.Count; i++)
        {
            numbers.Add(known[i], i);
        }

        var values = new double[predictor.Count];
        byte[] nulls = NullsOf(predictor) ?? new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (nulls[i] != 0 || labels.IsNull(i))
            {
                nulls[i] = 1;
                continue;
            }

            string label = labels.GetValue(i).AsText();
            values[i] = numbers.TryGetValue(label, out int number)
                ? Probability(predictor.Row(i), number)
                : throw UnknownLabel(predictor.Version, label, position);
        }

        return new ColumnBuffer<double>(
            type, values, 0, values.Length, new NullMask(nulls));
    }

    /// <summary>The error of a label that a version does not know.</summary>
    public static NeuroStoreException UnknownLabel(
        ModelVersion version, string label, SourcePosition position)
    {
        IReadOnlyList<string> known = version.Labels;
        string near = NearMatch.Hint(label, known);
        return new NeuroStoreException(
            ErrorCode.InvalidModel,
            $"The model {version.Name} knows no label '{ValueText.Shorten(label)}'."
            + (near.Length > 0 ? near : $" It knows {string.Join(", ", known.Take(20))}."),
            position);
    }

    private static ColumnBuffer<string> AllProbabilities(
        PredictedOutputs predictor, DataType type)
    {
        IReadOnlyList<string> labels = predictor.Version.Labels;
        return JsonRows(predictor, type, (row, writer) =>
        {
            ReadOnlySpan<float> outputs = predictor.Row(row);
            for (int label = 0; label < labels.Count; label++)
            {
                writer.WriteNumber(labels[label], Probability(outputs, label));
            }
        });
    }

    /// <summary>What is said of each of several targets, by name, as JSON.</summary>
    private static ColumnBuffer<string> Targets(PredictedOutputs predictor, DataType type)
    {
        IReadOnlyList<ModelVersion> heads = predictor.Version.Heads;
        PredictedOutputs[] each = [.. heads.Select((_, i) => predictor.Of(i))];
        return JsonRows(predictor, type, (row, writer) =>
        {
            for (int head = 0; head < each.Length; head++)
            {
                writer.WritePropertyName(heads[head].Info.Target);
                Write(heads[head], each[head].Row(row), writer);
            }
        });
    }

    // An object for each usable row, NULL for the others.
    private static ColumnBuffer<string> JsonRows(
        PredictedOutputs predictor, DataType type, Action<int, Utf8JsonWriter> write)
    {
        var values = new string[predictor.Count];
        using var bytes = new MemoryStream();
        using var writer = new Utf8JsonWriter(bytes);
        for (int i = 0; i < values.Length; i++)
        {
            if (!predictor.IsUsable[i])
            {
                continue;
            }

            bytes.SetLength(0);
            writer.Reset();
            writer.WriteStartObject();
            write(i, writer);
            writer.WriteEndObject();
            writer.Flush();
            values[i] = System.Text.Encoding.UTF8.GetString(
                bytes.GetBuffer(), 0, (int)bytes.Length);
        }

        return new ColumnBuffer<string>(
            type, values, 0, values.Length, new NullMask(NullsOf(predictor)));
    }

    private static void Write(
        ModelVersion head, ReadOnlySpan<float> outputs, Utf8JsonWriter writer)
    {
        if (head.Info.Task != ModelTask.Classifier)
        {
            if (float.IsFinite(outputs[0]))
            {
                writer.WriteNumberValue(outputs[0]);
            }
            else
            {
                writer.WriteNullValue();
            }

            return;
        }

        string label = head.Labels[Best(outputs)];
        switch (head.Info.TargetType.Kind)
        {
            case TypeKind.Boolean:
                writer.WriteBooleanValue(label == "true");
                break;
            case TypeKind.Integer or TypeKind.BigInt or TypeKind.Decimal:
                writer.WriteRawValue(label);
                break;
            default:
                writer.WriteStringValue(label);
                break;
        }
    }

    private static ColumnBuffer<string> Intervals(
        PredictedOutputs predictor, DataType type, ColumnBuffer levels, SourcePosition position)
    {
        var values = new string[predictor.Count];
        byte[] nulls = NullsOf(predictor) ?? new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (nulls[i] != 0 || levels.IsNull(i))
            {
                nulls[i] = 1;
                continue;
            }

            double level = levels.GetValue(i).AsDouble();
            double reach = PredictionIntervals.ReachOf(predictor.Version, level, position);
            double middle = predictor.Row(i)[0];
            values[i] = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"low\":{middle - reach:R},\"high\":{middle + reach:R}}}");
        }

        return new ColumnBuffer<string>(type, values, 0, values.Length, new NullMask(nulls));
    }

    private delegate double RowNumber(ReadOnlySpan<float> outputs, int row);
}
