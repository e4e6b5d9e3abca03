using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Binds the clauses of CREATE MODEL .. TYPE tagger.</summary>
internal sealed class TaggerBinder(
    ModelDefinitionSyntax definition, ExecutionContext context, SourcePosition position)
{
    private const string Usual = "crf";

    private static readonly string[] Options =
    [
        "learning_rate", "weight_decay", "epochs", "early_stopping", "seed", "max_seconds",
        "max_memory", "comment", "threads", "device", "precision",
    ];

    /// <summary>The plan.</summary>
    /// <param name="queryText">The text of the query.</param>
    /// <param name="architecture">What USING asks for, or nothing.</param>
    /// <param name="options">The options.</param>
    public ModelPlan Bind(string queryText, string architecture, ModelOptions options)
    {
        TypeOptions.CheckOnly(options, ModelTask.Tagger, Options, position);
        ModelQuery query = ModelQuery.Bind(queryText, null, context, position);
        int target = TargetOf(query);
        ModelColumn tags = query.Columns[target];
        ModelSplit split = new ModelSplitBinder(context.Notices, position).Bind(
            definition.Split,
            ModelTask.Tagger,
            "",
            options.ToTraining(ModelTask.Classifier).Seed);
        if (split.Order is { } order)
        {
            query = ModelQuery.Bind(queryText, order, context, position);
        }

        FeatureIdentity.Check(query.Logical, target, position);
        ModelColumn[] inputs = [.. query.Columns.Where((column, i) => i != target
            && !(split.TakesColumn && column.Name.Equals(
                split.Column, StringComparison.OrdinalIgnoreCase)))];
        if (inputs is not [{ Type.Kind: TypeKind.Text }])
        {
            throw Wrong(
                "A tagger reads one column of text, and the query gives "
                + (inputs.Length == 0 ? "none" : string.Join(
                    ", ", inputs.Select(static it => $"{it.Name} {it.Type}")))
                + ". Rows of single words become texts by string_agg(word, ' ' ORDER BY place).");
        }

        Recipe recipe = Recipe.Parse(architecture.Length == 0 ? Usual : architecture);
        if (recipe.Name != Usual)
        {
            throw Wrong($"{recipe.Name} does not fit TYPE tagger; write {Usual}(window=2).");
        }

        TaggerModel.WindowOf(recipe);
        return new ModelPlan
        {
            Task = ModelTask.Tagger,
            Target = tags.Name,
            TargetType = tags.Type,
            Features = [FeatureColumn.Text(inputs[0].Name)],
            Inputs = inputs,
            Transforms = [],
            Recipe = recipe,
            RecipeText = architecture.Length == 0 ? recipe.Name : architecture,
            Split = split,
            Options = options,
            Query = query,
            Position = position,
        };
    }

    private int TargetOf(ModelQuery query)
    {
        if (definition.Targets is not [IdentifierSyntax named]
            || definition.Transforms.Count > 0)
        {
            throw Wrong(
                "A tagger learns the tags of one text: write PREDICT and the column of the tags, "
                + "and no TRANSFORM.");
        }

        int target = query.IndexOf(named.Name);
        if (target < 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The query has no column {named.Name} to predict."
                + NearMatch.Hint(named.Name, query.Columns.Select(static it => it.Name)),
                named.Position);
        }

        ModelColumn tags = query.Columns[target];
        return tags.Type.Kind is TypeKind.Text or TypeKind.Json ? target : throw Wrong(
            $"{tags.Name} is of the type {tags.Type}. Tags are TEXT, one for each word of the "
            + "text, or JSON: [{\"start\": 0, \"end\": 5, \"label\": \"PER\"}].");
    }

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
