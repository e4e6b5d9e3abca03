using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Binds the clauses of CREATE MODEL .. TYPE recommender.</summary>
internal sealed class RecommenderBinder(
    ModelDefinitionSyntax definition, ExecutionContext context, SourcePosition position)
{
    private const string Usual = "two_tower";

    /// <summary>The plan.</summary>
    /// <param name="queryText">The text of the query.</param>
    /// <param name="architecture">What USING asks for, or nothing.</param>
    /// <param name="options">The options.</param>
    public ModelPlan Bind(string queryText, string architecture, ModelOptions options)
    {
        TypeOptions.Check(options, ModelTask.Recommender, position);
        RecommenderSpec spec = RecommenderSpec.Of(options);
        RecommenderSpec.NegativesOf(options);
        Refuse(options);
        ModelQuery query = ModelQuery.Bind(
            queryText, spec.Time.Length > 0 ? spec.Time : null, context, position);
        ModelColumn user = ColumnOf(query, spec.User, "user");
        ModelColumn item = ColumnOf(query, spec.Item, "item");
        if (spec.Time.Length == 0)
        {
            context.Notices.Add(
                "The option time is not given; rows are taken in the order of the query.");
        }

        if (options.Texts.TryGetValue("items", out string? items)
            && !context.Transaction.Catalog.TryGetTable(items, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownTable, $"There is no table {items} of items.", position);
        }

        Recipe recipe = Recipe.Parse(architecture.Length == 0 ? Usual : architecture);
        if (recipe.Name != Usual)
        {
            throw Wrong($"{recipe.Name} does not fit TYPE recommender; write {Usual}(dim=64).");
        }

        return new ModelPlan
        {
            Task = ModelTask.Recommender,
            Target = item.Name,
            TargetType = item.Type,
            Features = [],
            Inputs = [user],
            Transforms = [],
            Recipe = recipe,
            RecipeText = architecture.Length == 0 ? recipe.Name : architecture,
            Split = SplitOf(spec, options.ToTraining(ModelTask.Classifier).Seed),
            Options = options,
            Query = query,
            Position = position,
        };
    }

    private void Refuse(ModelOptions options)
    {
        if (definition.Targets.Count > 0 || definition.Transforms.Count > 0)
        {
            throw Wrong(
                "A recommender learns who chose what; leave PREDICT and TRANSFORM out and write "
                + "WITH (user = 'column', item = 'column').");
        }

        if (options.Texts.TryGetValue("feedback", out string? feedback)
            && !feedback.Equals("implicit", StringComparison.OrdinalIgnoreCase))
        {
            throw NeuralErrors.UnknownName("feedback", feedback, ["implicit"]);
        }
    }

    private ModelSplit SplitOf(RecommenderSpec spec, ulong seed)
    {
        ModelSplitSyntax? syntax = definition.Split;
        bool fits = syntax is null || (syntax.LeaveLast > 0 && syntax.Shares.Count == 0
            && (syntax.Kind is null || (syntax.Kind == "GROUP" && syntax.Column?.Name.Equals(
                spec.User, StringComparison.OrdinalIgnoreCase) == true)));
        if (!fits)
        {
            throw Wrong(
                "The choices of a recommender are divided by user: write SPLIT (LEAVE LAST 1).");
        }

        if (syntax is null)
        {
            context.Notices.Add(
                "SPLIT is not given; the last choice of each user tests, the one before "
                + "validates.");
        }

        return new ModelSplit
        {
            Kind = ModelSplitKind.LastGrouped,
            Test = syntax?.LeaveLast ?? 1,
            Column = spec.User,
            Seed = seed,
        };
    }

    private ModelColumn ColumnOf(ModelQuery query, string name, string option)
    {
        int found = query.IndexOf(name);
        if (found < 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query has no column {name} of {option}s; write WITH ({option} = 'column')."
                + NearMatch.Hint(name, query.Columns.Select(static it => it.Name)),
                position);
        }

        ModelColumn column = query.Columns[found];
        return ModelLabels.CanBeLabel(column.Type) ? column : throw Wrong(
            $"{column.Name} is of the type {column.Type}, which names no {option}.");
    }

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
