using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// predict(m USING *) = 'label' WITH PRECISION >= p: true where the model says so and is sure
/// enough, false where it says something else, NULL where it says so and is not sure enough. Such
/// rows are remembered.
/// </summary>
internal sealed class ContractExpression : Expression
{
    private const int Own = 3;
    private const int TextLengthMax = 1000;

    /// <summary>A contract.</summary>
    /// <param name="inputs">The model and what it reads.</param>
    /// <param name="target">The number of its target.</param>
    /// <param name="children">What it says, how probable that is, the label; the inputs.</param>
    /// <param name="precision">The precision that is wanted.</param>
    /// <param name="confidence">How sure it has to be.</param>
    public ContractExpression(
        PredictionInputs inputs,
        int target,
        IReadOnlyList<Expression> children,
        double precision,
        double confidence)
        : base(DataType.Boolean)
    {
        Invariant.Check(children.Count == Own + inputs.Values.Count);
        Inputs = inputs;
        Target = target;
        Children = children;
        Precision = precision;
        Confidence = confidence;
    }

    /// <summary>The model and what it reads.</summary>
    public PredictionInputs Inputs { get; }

    /// <summary>The number of the target.</summary>
    public int Target { get; }

    /// <summary>The precision that is wanted.</summary>
    public double Precision { get; }

    /// <summary>How sure it has to be.</summary>
    public double Confidence { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; }

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new ContractExpression(Inputs, Target, children, Precision, Confidence);

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context)
    {
        ColumnBuffer said = Children[0].Evaluate(batch, context);
        ColumnBuffer probability = Children[1].Evaluate(batch, context);
        ColumnBuffer label = Children[2].Evaluate(batch, context);
        var builder = ColumnBuilder.Create(DataType.Boolean, Math.Max(1, batch.Count));
        var unsure = new List<int>();
        ModelVersion? version = null;
        float threshold = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            if (label.IsNull(row))
            {
                builder.Append(Value.Null);
                continue;
            }

            string wanted = ModelLabels.TextOf(label, row)!;
            if (version is null)
            {
                (version, threshold) =
                    context.State.Get<ContractRun>(this).Of(this, wanted, context);
            }

            if (said.IsNull(row))
            {
                builder.Append(Value.Null);
            }
            else if (ModelLabels.TextOf(said, row) != wanted)
            {
                builder.Append(Value.Of(false));
            }
            else if (probability.GetValue(row).AsDouble() >= threshold)
            {
                builder.Append(Value.Of(true));
            }
            else
            {
                builder.Append(Value.Null);
                unsure.Add(row);
            }
        }

        if (unsure.Count > 0)
        {
            Remember(batch, said, probability, unsure, version!, threshold, context);
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Children[0]} = {Children[2]} WITH PRECISION >= {Precision} CONFIDENCE {Confidence}");

    private void Remember(
        RowBatch batch,
        ColumnBuffer said,
        ColumnBuffer probability,
        List<int> unsure,
        ModelVersion version,
        float threshold,
        ExecutionContext context)
    {
        long query = context.State.Get<AbstainingQuery>(context.Models).NumberOf(context);
        RowBatch rows = batch.Gather([.. unsure]);
        ColumnBuffer[] inputs =
            [.. Children.Skip(Own).Select(input => input.Evaluate(rows, context))];
        context.Models.Abstained.Add(unsure.Select((row, i) => new AbstainedRow(
            query,
            version.Name,
            version.Info.Number,
            version.Info.Target,
            ModelLabels.TextOf(said, row)!,
            probability.GetValue(row).AsDouble(),
            threshold,
            JsonOf(inputs, i),
            context.NowMicroseconds)));
    }

    private string JsonOf(ColumnBuffer[] inputs, int row)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            for (int i = 0; i < inputs.Length; i++)
            {
                writer.WritePropertyName(Inputs.Model.Info.Inputs[i].Name);
                Write(inputs[i], row, writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // What is large (a picture, a sound) is not kept again.
    private static void Write(ColumnBuffer column, int row, Utf8JsonWriter writer)
    {
        if (column.IsNull(row) || column is ColumnBuffer<byte[]>)
        {
            writer.WriteNullValue();
            return;
        }

        Value value = column.GetValue(row);
        switch (value.Kind)
        {
            case TypeKind.Integer or TypeKind.BigInt:
                writer.WriteNumberValue(value.AsInt64());
                break;
            case TypeKind.Double or TypeKind.Real when double.IsFinite(value.AsDouble()):
                writer.WriteNumberValue(value.AsDouble());
                break;
            case TypeKind.Decimal:
                writer.WriteRawValue(ValueText.Format(value));
                break;
            case TypeKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            default:
                string text = ValueText.Format(value);
                writer.WriteStringValue(text.Length > TextLengthMax
                    ? text[..TextLengthMax] : text);
                break;
        }
    }
}
