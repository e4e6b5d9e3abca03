using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Binds the clauses of CREATE MODEL .. TYPE forecaster.</summary>
internal sealed class ForecastBinder(
    ModelDefinitionSyntax definition, ExecutionContext context, SourcePosition position)
{
    private const double ShareUsual = 0.1;

    /// <summary>The plan.</summary>
    /// <param name="queryText">The text of the query.</param>
    /// <param name="architecture">What USING asks for, or nothing.</param>
    /// <param name="options">The options.</param>
    public ModelPlan Bind(string queryText, string architecture, ModelOptions options)
    {
        TypeOptions.Check(options, ModelTask.Forecaster, position);
        ModelQuery query = ModelQuery.Bind(queryText, null, context, position);
        ModelColumn target = TargetOf(query);
        ModelColumn time = TimeOf(query, options, target);
        ForecastSpec spec = ForecastSpec.Of(options, time.Name, target.Name);
        ModelColumn? series = spec.Series.Length == 0
            ? null : ColumnOf(query, spec.Series, "of series");
        CheckOthers(query, [target, time, series]);
        if (definition.Transforms.Count > 0)
        {
            throw Wrong("A forecaster looks at the values of its series alone; leave TRANSFORM "
                + "out.");
        }

        Recipe recipe = RecipeOf(architecture);
        return new ModelPlan
        {
            Task = ModelTask.Forecaster,
            Target = target.Name,
            TargetType = target.Type,
            Features = [],
            Inputs = series is null ? [time] : [time, series],
            Transforms = [],
            Recipe = recipe,
            RecipeText = architecture.Length == 0 ? recipe.Name : architecture,
            Split = SplitOf(time.Name, options.ToTraining(ModelTask.Regressor).Seed),
            Options = options.With("time", time.Name),
            Query = query,
            Position = position,
        };
    }

    private Recipe RecipeOf(string architecture)
    {
        if (architecture.Length == 0)
        {
            context.Notices.Add(
                "USING is not given; linear was chosen: each step ahead is a weighted sum of the "
                + "last values.");
            return Recipe.Parse("linear");
        }

        Recipe recipe = ModelBinder.RecipeOf(architecture);
        bool fits = recipe.IsNetwork
            ? recipe.Name is not "logistic"
            : recipe.Name is "gbdt" or "random_forest" or "decision_tree";
        return fits ? recipe : throw Wrong($"{recipe.Name} does not fit TYPE forecaster.");
    }

    private ModelColumn TargetOf(ModelQuery query)
    {
        if (definition.Targets.Count != 1)
        {
            throw Wrong("A forecaster needs PREDICT and one column.");
        }

        IdentifierSyntax name = definition.Targets[0];
        ModelColumn target = ColumnOf(query, name.Name, "to predict");
        return target.Type.IsNumeric ? target : throw Wrong(
            $"A target of type {target.Type} is no number.");
    }

    private ModelColumn TimeOf(ModelQuery query, ModelOptions options, ModelColumn target)
    {
        ModelColumn? time = null;
        string? named = options.Texts.GetValueOrDefault("time");
        if (definition.Split?.Column is { } divides && named is null)
        {
            named = divides.Name;
        }

        if (named is not null)
        {
            time = ColumnOf(query, named, "of times");
        }
        else
        {
            ModelColumn[] found = [.. query.Columns.Where(static it => IsCalendar(it.Type))];
            time = found is [var one] ? one : throw Wrong(
                (found.Length == 0 ? "No column is a date or a time" : "Several columns are times")
                + "; write WITH (time = 'column').");
            context.Notices.Add($"The option time is not given; {time.Name} was chosen.");
        }

        bool isTime = IsCalendar(time.Type)
            || time.Type.Kind is TypeKind.Integer or TypeKind.BigInt;
        return !isTime
            ? throw Wrong($"{time.Name} is of the type {time.Type}; a forecaster needs a DATE, a "
                + "TIMESTAMP or a whole number.")
            : time != target ? time : throw Wrong($"{time.Name} cannot be time and target.");
    }

    private static bool IsCalendar(DataType type) =>
        type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz;

    private void CheckOthers(ModelQuery query, IReadOnlyList<ModelColumn?> known)
    {
        string[] others = [.. query.Columns.Where(it => !known.Contains(it))
            .Select(static it => it.Name)];
        if (others.Length > 0)
        {
            throw Wrong(
                $"A forecaster reads a time, a target and perhaps a series, and the query also "
                + $"gives {string.Join(", ", others)}. Leave these out, or write WITH (series = "
                + "'column') for what tells series apart: what else will be is not known ahead.");
        }
    }

    private ModelSplit SplitOf(string time, ulong seed)
    {
        ModelSplitSyntax? syntax = definition.Split;
        bool fits = syntax is null || syntax.Kind is null
            || (syntax.Kind == "ORDER" && syntax.Column?.Name.Equals(
                time, StringComparison.OrdinalIgnoreCase) == true);
        if (!fits)
        {
            throw Wrong("The rows of a forecaster are divided by time; leave BY out.");
        }

        if (syntax is null)
        {
            context.Notices.Add(
                "SPLIT is not given; the first .8 of each series train, the next .1 validate and "
                + "the last .1 test.");
        }

        if (syntax?.LeaveLast > 0)
        {
            return new ModelSplit
            {
                Kind = ModelSplitKind.LastOrdered, Test = syntax.LeaveLast, Column = time,
                Seed = seed,
            };
        }

        (double validation, double test) = syntax is null || syntax.Shares.Count == 0
            ? (ShareUsual, ShareUsual)
            : new ModelSplitBinder(context.Notices, position).SharesOf(syntax);
        return new ModelSplit
        {
            Kind = ModelSplitKind.Ordered, Validation = validation, Test = test, Column = time,
            Seed = seed,
        };
    }

    private ModelColumn ColumnOf(ModelQuery query, string name, string purpose)
    {
        int found = query.IndexOf(name);
        return found >= 0 ? query.Columns[found] : throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The query has no column {name} {purpose}."
            + NearMatch.Hint(name, query.Columns.Select(static it => it.Name)),
            position);
    }

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
