using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>ml.classification_report of a tagger: of entities, or of single tags.</summary>
internal static class TaggerReport
{
    private const int HashLength = 8;
    private const string Dots = "\u2026";
    private const string Times = "\u00d7";

    /// <summary>The lines or rows of a report.</summary>
    /// <param name="inputs">The objects of the call.</param>
    /// <param name="layout">table, text or entity.</param>
    /// <param name="part">The part of the rows; NULL for the best there is.</param>
    /// <param name="digits">Decimals of a number in a text.</param>
    /// <param name="context">The execution.</param>
    public static IEnumerable<Value[]> Run(
        ObjectInputs inputs, string layout, Value part, int digits, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        TaggerEvaluation found = TaggerEvaluation.Of(
            version,
            ModelJudging.TextOf(part),
            inputs.Tables.Count > 0 ? inputs.Tables[0].Plan : null,
            context,
            inputs.Position);
        if (layout == "text")
        {
            return ReportRows.Lines(
                TagsOf(found.Judge).ToText(digits) + Footer(version, found, digits, context));
        }

        var report = new EntityReport(found.Judge.Expected, found.Judge.Predicted);
        if (layout == "entity")
        {
            return ReportRows.Lines(
                report.ToText(digits) + Footer(version, found, digits, context));
        }

        Count(version, found, context);
        return [.. report.Kinds.Concat(report.Averages).Select(ReportRows.Row)];
    }

    /// <summary>How often each tag was said of each tag.</summary>
    public static IEnumerable<Value[]> Confusion(
        ObjectInputs inputs, Value part, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        ModelVersion version = context.Models.Load(
            inputs.Model.Name.Last, inputs.Version, context.Transaction);
        TaggerEvaluation found = TaggerEvaluation.Of(
            version,
            ModelJudging.TextOf(part),
            inputs.Tables.Count > 0 ? inputs.Tables[0].Plan : null,
            context,
            inputs.Position);
        Count(version, found, context);
        ClassificationReport report = TagsOf(found.Judge);
        return ReportRows.Matrix(report);
    }

    private static ClassificationReport TagsOf(TaggerJudge judge)
    {
        string[] expected = [.. judge.Expected.SelectMany(static it => it)];
        string[] said = [.. judge.Predicted.SelectMany(static it => it)];
        string[] labels =
            [.. expected.Concat(said).Distinct().Order(StringComparer.Ordinal)];
        int[] NumbersOf(string[] tags) =>
            [.. tags.Select(tag => Array.BinarySearch(labels, tag, StringComparer.Ordinal))];
        return new ClassificationReport(labels, NumbersOf(expected), NumbersOf(said));
    }

    private static long Count(
        ModelVersion version, TaggerEvaluation found, ExecutionContext context) =>
        EvaluationLog.CountUse(
            version, new JudgedPart(found.Part, [], null, static () => []), context);

    private static string Footer(
        ModelVersion version, TaggerEvaluation found, int digits, ExecutionContext context)
    {
        string F(double value) => ClassificationReport.Fixed(value, digits);
        JudgedMetric metric = found.Judge.Judge((ulong)version.Facts.Seed)[0];
        string split = found.SplitHash.Length > 0
            ? $"   split sha256 {found.SplitHash[..HashLength]}{Dots}" : "";
        string uses = Count(version, found, context).ToString(CultureInfo.InvariantCulture);
        string used = found.Part == "test" ? $"test set used {uses}{Times}"
            : $"{found.Part} rows, test set used {uses}{Times}";
        string baseline = double.IsNaN(metric.Baseline)
            ? "baseline unknown: the rows of the training are not here"
            : $"baseline (most frequent tag of each word): {metric.Name} {F(metric.Baseline)}";
        return $"\n{baseline}{split}   {used}   95 % CI of {metric.Name} "
            + $"[{F(metric.Low)}, {F(metric.High)}]\n"
            + string.Create(
                CultureInfo.InvariantCulture,
                $"rows {found.Count + found.Rejected} = {found.Count} used + {found.Rejected} "
                + $"rejected   ")
            + $"{metric.Verdict}\n";
    }
}
