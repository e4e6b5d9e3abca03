using System.Globalization;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// How well classes were told apart: for each class and as means over all. What it shows is
/// computed from counts, so that it cannot contradict itself, and <see cref="Check"/> proves it.
/// </summary>
internal sealed class ClassificationReport
{
    private const double Tolerance = 1e-12;

    /// <summary>A report of rows whose class and predicted class are known.</summary>
    /// <param name="labels">The labels; classes are places among them.</param>
    /// <param name="expected">The class of each row.</param>
    /// <param name="predicted">What was said of each row.</param>
    public ClassificationReport(
        IReadOnlyList<string> labels, ReadOnlySpan<int> expected, ReadOnlySpan<int> predicted)
        : this(labels, new ConfusionMatrix(labels.Count, expected, predicted))
    {
    }

    /// <summary>A report of counted rows.</summary>
    public ClassificationReport(IReadOnlyList<string> labels, ConfusionMatrix matrix)
    {
        Matrix = matrix;
        var classes = new List<ClassScores>();
        for (int i = 0; i < labels.Count; i++)
        {
            classes.Add(ScoresOf(
                labels[i], matrix[i, i], matrix.PredictedCount(i), matrix.Support(i)));
        }

        Classes = classes;
        Accuracy = matrix.Total == 0 ? 0 : matrix.Right / (double)matrix.Total;
        MacroAverage = Mean("macro avg", _ => 1);
        WeightedAverage = Mean("weighted avg", scores => scores.Support);
        Check();
    }

    /// <summary>The counts behind all.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The scores of each class in the order of the labels.</summary>
    public IReadOnlyList<ClassScores> Classes { get; }

    /// <summary>The share of rows that are right; equal to the micro average.</summary>
    public double Accuracy { get; }

    /// <summary>The mean of the classes.</summary>
    public ClassScores MacroAverage { get; }

    /// <summary>The mean of the classes by their rows.</summary>
    public ClassScores WeightedAverage { get; }

    /// <summary>The scores of so many right ones among those said and those that are.</summary>
    public static ClassScores ScoresOf(string name, long right, long said, long support)
    {
        double precision = said == 0 ? 0 : right / (double)said;
        double recall = support == 0 ? 0 : right / (double)support;
        double f1 = said + support == 0 ? 0 : 2.0 * right / (said + support);
        return new ClassScores(name, precision, recall, f1, support);
    }

    /// <summary>The text that scikit-learn prints for the same rows, to the byte.</summary>
    public string ToText(int digits = 2)
    {
        int width = Math.Max(
            "weighted avg".Length,
            Math.Max(digits, Classes.Count == 0 ? 0 : Classes.Max(it => LengthOf(it.Name))));
        var text = Heading(width);
        foreach (ClassScores scores in Classes)
        {
            AppendRow(text, scores, width, digits);
        }

        text.Append('\n');
        text.Append(PadLeft("accuracy", width)).Append(' ').Append(' ', 20)
            .Append(PadLeft(Fixed(Accuracy, digits), 10))
            .Append(PadLeft(Whole(Matrix.Total), 10)).Append('\n');
        AppendRow(text, MacroAverage, width, digits);
        AppendRow(text, WeightedAverage, width, digits);
        return text.ToString();
    }

    /// <summary>A number with so many decimals, halves to even, as printf rounds.</summary>
    internal static string Fixed(double value, int digits)
    {
        // Only a number that ends in one binary digit more can lie exactly between two.
        double scaled = value * (1L << (digits + 1));
        bool isHalf = scaled == Math.Floor(scaled) && ((long)scaled & 1) == 1;
        return isHalf
            ? Math.Round((decimal)value, digits, MidpointRounding.ToEven)
                .ToString("F" + Whole(digits), CultureInfo.InvariantCulture)
            : value.ToString("F" + Whole(digits), CultureInfo.InvariantCulture);
    }

    internal static StringBuilder Heading(int width)
    {
        var text = new StringBuilder();
        text.Append(' ', width).Append(' ');
        foreach (string title in (string[])["precision", "recall", "f1-score", "support"])
        {
            text.Append(PadLeft(title, 10));
        }

        return text.Append("\n\n");
    }

    internal static void AppendRow(
        StringBuilder text, ClassScores scores, int width, int digits) => text
            .Append(PadLeft(scores.Name, width)).Append(' ')
            .Append(PadLeft(Fixed(scores.Precision, digits), 10))
            .Append(PadLeft(Fixed(scores.Recall, digits), 10))
            .Append(PadLeft(Fixed(scores.F1, digits), 10))
            .Append(PadLeft(Whole(scores.Support), 10)).Append('\n');

    internal static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Pads by code points, as Python counts them.</summary>
    internal static string PadLeft(string text, int width) =>
        new string(' ', Math.Max(0, width - LengthOf(text))) + text;

    internal static int LengthOf(string text)
    {
        int length = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    /// <summary>The identities that every honest report keeps.</summary>
    private void Check()
    {
        Invariant.Check(Classes.Sum(it => it.Support) == Matrix.Total);
        foreach (ClassScores it in Classes)
        {
            double sum = it.Precision + it.Recall;
            double f1 = sum == 0 ? 0 : 2 * it.Precision * it.Recall / sum;
            Invariant.Check(Math.Abs(it.F1 - f1) <= Tolerance);
        }

        Invariant.Check(Math.Abs(WeightedAverage.Recall - Accuracy) <= Tolerance);
    }

    private ClassScores Mean(string name, Func<ClassScores, double> weightOf)
    {
        double weight = Classes.Sum(weightOf);
        double Of(Func<ClassScores, double> score) => weight == 0
            ? 0 : Classes.Sum(it => weightOf(it) * score(it)) / weight;
        return new ClassScores(
            name, Of(it => it.Precision), Of(it => it.Recall), Of(it => it.F1), Matrix.Total);
    }
}
