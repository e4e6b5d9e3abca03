using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Binds the clauses of CREATE MODEL .. TYPE graph_embedding.</summary>
internal sealed class GraphBinder(
    ModelDefinitionSyntax definition, ExecutionContext context, SourcePosition position)
{
    private const string Usual = "node2vec";
    private const double ShareUsual = 0.1;

    private static readonly string[] Options =
    [
        "learning_rate", "epochs", "seed", "max_seconds", "comment", "threads", "device",
        "precision",
    ];

    /// <summary>The plan.</summary>
    /// <param name="queryText">The text of the query.</param>
    /// <param name="architecture">What USING asks for, or nothing.</param>
    /// <param name="options">The options.</param>
    public ModelPlan Bind(string queryText, string architecture, ModelOptions options)
    {
        TypeOptions.CheckOnly(options, ModelTask.GraphEmbedding, Options, position);
        if (definition.Targets.Count > 0 || definition.Transforms.Count > 0)
        {
            throw Wrong(
                "A graph embedding learns who is linked with whom; leave PREDICT and TRANSFORM "
                + "out and write WITH (source = 'column', destination = 'column').");
        }

        GraphSpec spec = GraphSpec.Of(options);
        ModelSplit split = SplitOf(options.ToTraining(ModelTask.Classifier).Seed);
        ModelQuery query = ModelQuery.Bind(queryText, split.Order, context, position);
        ModelColumn source = ColumnOf(query, spec.Source, "source");
        ModelColumn destination = ColumnOf(query, spec.Destination, "destination");
        if (source.Type.Kind != destination.Type.Kind && !(IsWhole(source) && IsWhole(destination)))
        {
            throw Wrong(
                $"{source.Name} is of the type {source.Type} and {destination.Name} of "
                + $"{destination.Type}; nodes are of one type, so CAST one of them.");
        }

        if (spec.Weight.Length > 0)
        {
            ModelColumn weight = ColumnOf(query, spec.Weight, "weight", isNode: false);
            if (!weight.Type.IsNumeric)
            {
                throw Wrong($"{weight.Name} is of the type {weight.Type}, which is no weight.");
            }
        }

        Recipe recipe = Recipe.Parse(architecture.Length == 0 ? Usual : architecture);
        if (recipe.Name != Usual)
        {
            throw Wrong(
                $"{recipe.Name} does not fit TYPE graph_embedding; write {Usual}(dim=64).");
        }

        GraphRecipe.Of(recipe);
        return new ModelPlan
        {
            Task = ModelTask.GraphEmbedding,
            Target = "",
            TargetType = source.Type,
            Features = [],
            Inputs = [source],
            Transforms = [],
            Recipe = recipe,
            RecipeText = architecture.Length == 0 ? recipe.Name : architecture,
            Split = split,
            Options = options,
            Query = query,
            Position = position,
        };
    }

    private ModelSplit SplitOf(ulong seed)
    {
        if (definition.Split is not { } syntax)
        {
            context.Notices.Add(
                "SPLIT is not given; of the edges .8 train, .1 validate and .1 test.");
            return new ModelSplit
            {
                Validation = ShareUsual,
                Test = ShareUsual,
                Seed = seed,
            };
        }

        ModelSplit split = new ModelSplitBinder(context.Notices, position).Bind(
            syntax, ModelTask.GraphEmbedding, "", seed);
        return split.Kind is ModelSplitKind.Random or ModelSplitKind.Ordered
            ? split
            : throw Wrong(
                "The edges of a graph are divided by shares: write SPLIT (train .8, validation "
                + ".1, test .1), and ORDER BY a time behind it to test on the last ones.");
    }

    private ModelColumn ColumnOf(
        ModelQuery query, string name, string option, bool isNode = true)
    {
        int found = query.IndexOf(name);
        if (found < 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query has no column {name}; write WITH ({option} = 'column')."
                + NearMatch.Hint(name, query.Columns.Select(static it => it.Name)),
                position);
        }

        ModelColumn column = query.Columns[found];
        return !isNode || IsWhole(column) || column.Type.Kind is TypeKind.Text or TypeKind.Uuid
            ? column
            : throw Wrong($"{column.Name} is of the type {column.Type}, which names no node.");
    }

    private static bool IsWhole(ModelColumn column) =>
        column.Type.Kind is TypeKind.Integer or TypeKind.BigInt;

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
