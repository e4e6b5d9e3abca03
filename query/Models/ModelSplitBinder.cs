using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Reads SPLIT, and decides how rows are divided where it is missing.</summary>
internal sealed class ModelSplitBinder(NoticeList notices, SourcePosition position)
{
    private const double ShareUsual = 0.1;
    private const double Tolerance = 1e-6;
    private const double Percent = 100;

    /// <summary>The split of a model.</summary>
    /// <param name="syntax">The clause, or null.</param>
    /// <param name="task">What the model is to say.</param>
    /// <param name="target">The name of the target, or nothing.</param>
    /// <param name="seed">What hashes begin with.</param>
    public ModelSplit Bind(ModelSplitSyntax? syntax, ModelTask task, string target, ulong seed)
    {
        if (syntax is null)
        {
            return Usual(task, target, seed);
        }

        if (syntax.LeaveLast > 0)
        {
            return LeaveLast(syntax, seed);
        }

        ModelSplitKind kind = syntax.Kind switch
        {
            "STRATIFY" => ModelSplitKind.Stratified,
            "ORDER" => ModelSplitKind.Ordered,
            "GROUP" => ModelSplitKind.Grouped,
            "COLUMN" => ModelSplitKind.Named,
            _ => ModelSplitKind.Random,
        };
        (double validation, double test) = syntax.Shares.Count == 0
            ? (ShareUsual, ShareUsual)
            : SharesOf(syntax);
        if (kind == ModelSplitKind.Named && syntax.Shares.Count > 0)
        {
            throw Wrong("USING COLUMN takes the parts from a column; leave the shares out.");
        }

        string column = syntax.Column?.Name ?? "";
        if (kind is ModelSplitKind.Ordered or ModelSplitKind.Grouped or ModelSplitKind.Named)
        {
            notices.Add($"The column {column} divides the rows and is no feature.");
        }

        return new ModelSplit
        {
            Kind = kind,
            Validation = validation,
            Test = test,
            Column = column,
            Seed = seed,
        };
    }

    private ModelSplit LeaveLast(ModelSplitSyntax syntax, ulong seed)
    {
        if (syntax.Shares.Count > 0 || syntax.Kind is not ("ORDER" or "GROUP")
            || syntax.Column is null)
        {
            throw Wrong(
                "LEAVE LAST n stands alone in SPLIT, before ORDER BY a column, which tests on the "
                + "last n rows, or GROUP BY one, which tests on the last n rows of each value.");
        }

        notices.Add($"The column {syntax.Column.Name} divides the rows and is no feature.");
        return new ModelSplit
        {
            Kind = syntax.Kind == "ORDER"
                ? ModelSplitKind.LastOrdered : ModelSplitKind.LastGrouped,
            Test = syntax.LeaveLast,
            Column = syntax.Column.Name,
            Seed = seed,
        };
    }

    private ModelSplit Usual(ModelTask task, string target, ulong seed)
    {
        if (task is not (ModelTask.Classifier or ModelTask.Regressor or ModelTask.Tagger))
        {
            return new ModelSplit { Seed = seed };
        }

        bool isClassifier = task == ModelTask.Classifier;
        notices.Add(
            "SPLIT is not given; rows were divided by hash into train .8, validation .1 and test .1"
            + (isClassifier ? $", stratified by {target}." : "."));
        return new ModelSplit
        {
            Kind = isClassifier ? ModelSplitKind.Stratified : ModelSplitKind.Random,
            Validation = ShareUsual,
            Test = ShareUsual,
            Column = isClassifier ? target : "",
            Seed = seed,
        };
    }

    /// <summary>The shares that validate and test.</summary>
    public (double Validation, double Test) SharesOf(ModelSplitSyntax syntax)
    {
        double? train = null;
        double? validation = null;
        double? test = null;
        foreach (ModelShareSyntax share in syntax.Shares)
        {
            ref double? part = ref train;
            switch (share.Part.Name.ToUpperInvariant())
            {
                case "TRAIN":
                    break;
                case "VALIDATION" or "VALID" or "VAL":
                    part = ref validation;
                    break;
                case "TEST":
                    part = ref test;
                    break;
                default:
                    throw SyntaxErrors.At(
                        share.Position,
                        $"SPLIT knows train, validation and test, not {share.Part.Name}");
            }

            part = part is null && double.IsFinite(share.Share)
                ? share.Share
                : throw SyntaxErrors.At(share.Position, $"{share.Part.Name} is written twice");
        }

        double others = (validation ?? 0) + (test ?? 0);
        double all = others + (train ?? (others < 1 ? 1 - others : Percent - others));
        bool isPercent = Math.Abs(all - Percent) <= Tolerance * Percent;
        if (!isPercent && Math.Abs(all - 1) > Tolerance)
        {
            throw Wrong($"The shares of SPLIT add up to {all}, not to 1.");
        }

        double unit = isPercent ? Percent : 1;
        return others < unit
            ? ((validation ?? 0) / unit, (test ?? 0) / unit)
            : throw Wrong("SPLIT leaves no rows to train on.");
    }

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
