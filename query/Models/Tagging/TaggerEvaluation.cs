using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The texts that judge a version of a tagger, and what it says of them.</summary>
/// <param name="Part">train, validation, test, or query for rows that were given.</param>
/// <param name="Count">The texts.</param>
/// <param name="Rejected">Rows that could not be used.</param>
/// <param name="SplitHash">Which row had which part; empty for given rows.</param>
/// <param name="Judge">The judge.</param>
internal sealed record TaggerEvaluation(
    string Part, long Count, long Rejected, string SplitHash, TaggerJudge Judge)
{
    /// <summary>Judges by a part of the training rows, or by the rows of a plan.</summary>
    public static TaggerEvaluation Of(
        ModelVersion version,
        string? part,
        PlanNode? rows,
        ExecutionContext context,
        SourcePosition position)
    {
        var names = new TagNames(version.Labels);
        ModelOptions options = ModelOptions.Read(version.Facts.Options, []);
        TaggerData? data = version.Facts.TrainQuery.Length == 0
            ? null : Read(version, names, options, context, position);
        TagBaseline? baseline = data is null ? null : new TagBaseline(data.Of(SplitPart.Train));
        if (rows is not null)
        {
            return OfRows(version, names, options, baseline, rows, context, position);
        }

        if (data is null)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} was imported, so the rows of its training are not "
                + "known. Give rows by ON (query), or by TABLE t.");
        }

        SplitPart chosen = PartOf(part, data, position);
        IReadOnlyList<TaggedText> texts = data.Of(chosen);
        string name = chosen.ToString().ToLowerInvariant();
        if (texts.Count == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"The model {version.Name} has no {name} rows; give rows by ON (query).");
        }

        if (part is null && chosen != SplitPart.Test)
        {
            context.Notices.Add(
                $"The model {version.Name} has no test rows; it is judged on its {name} rows.");
        }

        return new TaggerEvaluation(
            name,
            texts.Count,
            data.RejectedOf(chosen),
            data.SplitHash,
            new TaggerJudge((TaggerModel)version.Model, names, texts, baseline));
    }

    private static TaggerEvaluation OfRows(
        ModelVersion version,
        TagNames names,
        ModelOptions options,
        TagBaseline? baseline,
        PlanNode rows,
        ExecutionContext context,
        SourcePosition position)
    {
        List<string> columns = [.. rows.Output.Select(static it => it.Name)];
        int Find(string name) => columns.FindIndex(
            it => it.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and int found
                ? found
                : throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The rows have no column {name}." + NearMatch.Hint(name, columns),
                    position);
        var read = new TaggedRows(
            version.Info.TargetType.Kind == TypeKind.Json, names, options.MemoryBytesMax);
        read.Add(
            TableJudging.Read(rows, context),
            Find(version.Info.Inputs[0].Name),
            Find(version.Info.Target));
        if (read.Texts.Count == 0)
        {
            throw NeuralErrors.UntrainableData(
                $"None of the {read.Rejected} rows has a text with tags that fit it.");
        }

        return new TaggerEvaluation(
            JudgedPart.GivenName,
            read.Texts.Count,
            read.Rejected,
            "",
            new TaggerJudge((TaggerModel)version.Model, names, read.Texts, baseline));
    }

    private static TaggerData Read(
        ModelVersion version,
        TagNames names,
        ModelOptions options,
        ExecutionContext context,
        SourcePosition position)
    {
        ModelQuery query = ModelQuery.Bind(
            version.Facts.TrainQuery, version.Facts.Split.Order, context, position);
        string input = version.Info.Inputs[0].Name;
        return query.IndexOf(input) >= 0 && query.IndexOf(version.Info.Target) >= 0
            ? new TaggerData(
                query,
                version.Facts.Split,
                input,
                new ModelColumn(version.Info.Target, version.Info.TargetType),
                names,
                options.MemoryBytesMax,
                position)
            : throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query of the training has no column {input} or {version.Info.Target} any "
                + "more.",
                position);
    }

    private static SplitPart PartOf(string? part, TaggerData data, SourcePosition position)
    {
        if (part is null)
        {
            SplitPart[] order = [SplitPart.Test, SplitPart.Validation, SplitPart.Train];
            return order.FirstOrDefault(it => data.Of(it).Count > 0, SplitPart.Train);
        }

        return Enum.TryParse(part, ignoreCase: true, out SplitPart named)
            && Enum.IsDefined(named) && !char.IsDigit(part[0])
            ? named
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"There is no part {part} of the rows; known are train, validation, test.",
                position);
    }
}
