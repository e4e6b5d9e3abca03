using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Binds the clauses of CREATE MODEL to a query: which columns are features, which transforms they
/// get, how rows are divided. What the statement leaves open is decided here and told in a notice.
/// </summary>
internal sealed class ModelBinder
{
    private static readonly string[] TypeWords =
    [
        "classifier", "regressor", "cluster", "anomaly", "embedder", "forecaster", "recommender",
        "tagger", "graph_embedding", Ensemble,
    ];

    private const string Ensemble = "ensemble";

    private static readonly Dictionary<string, string> OwnTypes = new()
    {
        ["two_tower"] = "recommender",
        ["crf"] = "tagger",
        ["node2vec"] = "graph_embedding",
    };

    private readonly ModelDefinitionSyntax _definition;
    private readonly ExecutionContext _context;
    private readonly SourcePosition _position;
    private string _architecture;

    private ModelBinder(
        ModelDefinitionSyntax definition,
        string? architecture,
        ExecutionContext context,
        SourcePosition position)
    {
        _definition = definition;
        _context = context;
        _position = position;
        _architecture = architecture ?? definition.Architecture?.Text ?? "";
    }

    /// <summary>The plan of a model.</summary>
    /// <param name="definition">The clauses.</param>
    /// <param name="architecture">What USING asks for, in place of the clause; or null.</param>
    /// <param name="queryText">The text of the query.</param>
    /// <param name="options">The options.</param>
    /// <param name="context">The transaction, and where notices go.</param>
    /// <param name="position">The place of the statement.</param>
    public static ModelPlan Bind(
        ModelDefinitionSyntax definition,
        string? architecture,
        string queryText,
        ModelOptions options,
        ExecutionContext context,
        SourcePosition position) =>
        new ModelBinder(definition, architecture, context, position).Bind(queryText, options);

    /// <summary>The recipe of the text behind USING.</summary>
    public static Recipe RecipeOf(string architecture)
    {
        const string Layers = "LAYERS";
        return EnsembleRecipe.TryParse(architecture) is { } ensemble ? ensemble
            : architecture.StartsWith(Layers, StringComparison.OrdinalIgnoreCase)
            && architecture.Length > Layers.Length
            && architecture[Layers.Length..].TrimStart() is ['(', .., ')'] list
                ? Recipe.OfLayers(list[1..^1])
                : Recipe.Parse(architecture);
    }

    private ModelPlan Bind(string queryText, ModelOptions options)
    {
        if (Is("forecaster"))
        {
            return new ForecastBinder(_definition, _context, _position)
                .Bind(queryText, _architecture, options);
        }

        if (Is("recommender"))
        {
            return new RecommenderBinder(_definition, _context, _position)
                .Bind(queryText, _architecture, options);
        }

        if (Is("tagger"))
        {
            return new TaggerBinder(_definition, _context, _position)
                .Bind(queryText, _architecture, options);
        }

        if (Is("graph_embedding"))
        {
            return new GraphBinder(_definition, _context, _position)
                .Bind(queryText, _architecture, options);
        }

        Recipe? recipe = ParseRecipe();
        if (Is(Ensemble) && recipe?.Name != Ensemble)
        {
            recipe = recipe is null ? ChooseEnsemble() : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"TYPE ensemble joins models: write USING ensemble({recipe.Name}, gbdt).",
                _position);
        }

        return BindRows(queryText, options, recipe);
    }

    private ModelPlan BindRows(string queryText, ModelOptions options, Recipe? recipe)
    {
        ModelQuery query = ModelQuery.Bind(queryText, null, _context, _position);
        int[] targets = FindTargets(query);
        int target = targets.Length == 0 ? -1 : targets[0];
        JoinedModels? joined = JoinedModels.Of(recipe, options, _context, _position);
        ModelTask task = joined is null || _definition.Type is not null && !Is(Ensemble)
            ? TaskOf(query, targets, recipe) : joined.Task;
        TypeOptions.Check(options, task, _position);
        CheckJoined(joined, task, targets);
        Check(task, targets, recipe, query);
        ModelSplit split = new ModelSplitBinder(_context.Notices, _position).Bind(
            _definition.Split,
            task,
            target < 0 ? "" : query.Columns[target].Name,
            options.ToTraining(task).Seed);
        if (split.Order is { } order)
        {
            query = ModelQuery.Bind(queryText, order, _context, _position);
        }

        foreach (int one in targets.Length == 0 ? [-1] : targets)
        {
            FeatureIdentity.Check(query.Logical, one, _position);
        }

        ModelColumn[] inputs = InputsOf(query, targets, split, joined);
        TransformSpec? units = null;
        string partner = "";
        if (task == ModelTask.Embedder && recipe is not { IsNetworkEncoder: true })
        {
            units = UnitsOf(recipe ??= ChooseEmbedder(), inputs);
            partner = inputs.Length > 1 ? inputs[1].Name : "";
            inputs = inputs[..1];
        }

        var transforms = new TransformBinder(inputs, _position);
        if (joined is null)
        {
            transforms.Bind(_definition.Transforms);
        }

        return new ModelPlan
        {
            Task = task,
            Target = target < 0 ? "" : query.Columns[target].Name,
            TargetType = target < 0 ? DataType.Double : query.Columns[target].Type,
            Others = [.. targets.Skip(1).Select(one => query.Columns[one])],
            Features = joined?.Pipeline.Columns ?? transforms.Features,
            Joined = joined,
            Inputs = inputs,
            Partner = partner,
            Transforms = WithTokens(units is null ? transforms.Specs : [units], options.Tokenizer),
            Recipe = recipe,
            RecipeText = _architecture.Length == 0 && recipe is not null
                ? recipe.Name : _architecture,
            Split = split,
            Options = options,
            Query = query,
            Position = _position,
        };
    }

    private IReadOnlyList<TransformSpec> WithTokens(
        IReadOnlyList<TransformSpec> specs, TokenizerSpec? tokenizer)
    {
        bool isUsed = tokenizer is null || specs.Any(static it => it.TakesTextApart);
        return isUsed
            ? [.. specs.Select(it => it.TakesTextApart ? it with { Tokenizer = tokenizer } : it)]
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                "The option tokenizer cuts texts into tokens, and no text is read by words here; "
                + "add TRANSFORM (ngrams(column)) or words(column).",
                _position);
    }

    private Recipe? ParseRecipe() =>
        _architecture.Length == 0 ? null : RecipeOf(_architecture);

    private int[] FindTargets(ModelQuery query)
    {
        var found = new List<int>();
        foreach (IdentifierSyntax name in _definition.Targets)
        {
            int target = FindColumn(query, name, "to predict");
            if (found.Contains(target))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"{name.Name} stands twice behind PREDICT.",
                    name.Position);
            }

            found.Add(target);
        }

        return [.. found];
    }

    private ModelTask TaskOf(ModelQuery query, int[] targets, Recipe? recipe)
    {
        if (_definition.Type is { } type && !Is(Ensemble))
        {
            string word = type.Name.ToLowerInvariant();
            return word switch
            {
                "classifier" => ModelTask.Classifier,
                "regressor" => ModelTask.Regressor,
                "cluster" => ModelTask.Cluster,
                "anomaly" => ModelTask.Anomaly,
                "embedder" => ModelTask.Embedder,
                _ => throw NeuralErrors.UnknownName("model type", word, TypeWords),
            };
        }

        bool IsLabel(int column) => query.Columns[column].Type.Kind
            is TypeKind.Text or TypeKind.Boolean or TypeKind.Uuid;
        if (targets.Any(IsLabel) && !targets.All(IsLabel))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"{query.Columns[targets.First(IsLabel)].Name} is a label and "
                + $"{query.Columns[targets.First(it => !IsLabel(it))].Name} a number. A model says "
                + "one or the other: write TYPE classifier to take all as labels, or make a model "
                + "for each.",
                _position);
        }

        ModelTask task = targets.Length > 0
            ? IsLabel(targets[0]) ? ModelTask.Classifier : ModelTask.Regressor
            : recipe?.Name == "isolation_forest" ? ModelTask.Anomaly
            : recipe?.Name == "kmeans" ? ModelTask.Cluster
            : recipe?.IsEmbedder == true ? ModelTask.Embedder
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                "The statement does not say what to predict. Write PREDICT and a column of the "
                + "query, or USING kmeans, isolation_forest or lsa, which need no target.",
                _position);
        if (Is(Ensemble))
        {
            return task;
        }

        _context.Notices.Add(
            $"TYPE is not given; {task.ToString().ToLowerInvariant()} was chosen"
            + (targets.Length > 0
                ? $" for a target of type {query.Columns[targets[0]].Type}." : "."));
        return task;
    }

    private Recipe ChooseEnsemble()
    {
        const string Members = "ensemble(mlp, gbdt, random_forest)";
        _context.Notices.Add($"USING is not given; {Members} was chosen.");
        _architecture = Members;
        return RecipeOf(Members);
    }

    private Recipe ChooseEmbedder()
    {
        const string Usual = "lsa";
        _context.Notices.Add($"USING is not given; {Usual} was chosen for texts.");
        return Recipe.Parse(Usual);
    }

    /// <summary>
    /// How an embedder of texts reads its one column; behind it, a contrastive one may have what
    /// belongs to it.
    /// </summary>
    private TransformSpec UnitsOf(Recipe recipe, ModelColumn[] inputs)
    {
        string? wrong = _definition.Transforms.Count > 0
            ? $"{recipe.Name} takes texts apart by itself; leave TRANSFORM out."
            : inputs.Length is 0 || inputs.Length > (recipe.Name == "contrastive" ? 2 : 1)
                || inputs.Any(static it => it.Type.Physical != PhysicalKind.Text)
                ? $"{recipe.Name} reads one column of text"
                    + (recipe.Name == "contrastive" ? " or two" : "") + ", and the query gives "
                    + (inputs.Length == 0 ? "none"
                        : string.Join(", ", inputs.Select(it => $"{it.Name} {it.Type}")))
                    + (inputs.Any(static it => it.Type.Physical != PhysicalKind.Text)
                        ? ". Images and sound are for cnn and autoencoder, numbers for autoencoder."
                        : ". Join several texts with ||.")
                : null;
        return wrong is null
            ? recipe.UnitsOf(inputs[0].Name)
            : throw new NeuroStoreException(ErrorCode.InvalidModel, wrong, _position);
    }

    private void Check(ModelTask task, int[] targets, Recipe? recipe, ModelQuery query)
    {
        foreach (int target in targets.Length == 0 ? [-1] : targets)
        {
            Check(task, target, recipe, query);
        }
    }

    private void Check(ModelTask task, int target, Recipe? recipe, ModelQuery query)
    {
        bool needsTarget = task is ModelTask.Classifier or ModelTask.Regressor;
        string word = task.ToString().ToLowerInvariant();
        string? wrong = needsTarget && target < 0 ? $"A {word} needs PREDICT and a column."
            : !needsTarget && target >= 0
                ? $"TYPE {word} predicts no column; leave PREDICT out."
            : (recipe?.Name == "kmeans") != (task == ModelTask.Cluster) && recipe is not null
                ? $"{recipe.Name} does not fit TYPE {word}."
            : (recipe?.Name == "isolation_forest") != (task == ModelTask.Anomaly)
                && recipe is not null ? $"{recipe.Name} does not fit TYPE {word}."
            : (recipe?.IsEmbedder == true) != (task == ModelTask.Embedder)
                && recipe is not null ? $"{recipe.Name} does not fit TYPE {word}."
            : OwnTypes.TryGetValue(recipe?.Name ?? "", out string? own)
                ? $"{recipe!.Name} does not fit TYPE {word}; write TYPE {own}."
            : null;
        if (wrong is null && target >= 0)
        {
            DataType type = query.Columns[target].Type;
            wrong = task == ModelTask.Classifier && !ModelLabels.CanBeLabel(type)
                ? $"A target of type {type} cannot be a label; CAST it, or write TYPE regressor."
                : task == ModelTask.Regressor && !type.IsNumeric && type.Kind != TypeKind.Boolean
                    ? $"A target of type {type} is no number; write TYPE classifier."
                    : null;
        }

        if (wrong is not null)
        {
            throw new NeuroStoreException(ErrorCode.InvalidModel, wrong, _position);
        }
    }

    // Columns that neither are predicted nor only divide rows; of joined models what they read.
    private static ModelColumn[] InputsOf(
        ModelQuery query, int[] targets, ModelSplit split, JoinedModels? joined) =>
        [.. query.Columns.Where((column, i) => !targets.Contains(i)
            && !(split.TakesColumn && Same(column.Name, split.Column))
            && (joined is null || joined.Pipeline.Columns.Any(it => Same(it.Name, column.Name))))];

    private void CheckJoined(JoinedModels? joined, ModelTask task, int[] targets)
    {
        string? wrong = joined is null ? null
            : targets.Length != 1 ? "An ensemble predicts one target: write PREDICT and a column."
            : joined.Task != task
                ? $"The members are models of the TYPE {ModelBuilds.NameOf(joined.Task)}."
            : _definition.Transforms.Count > 0
                ? "The members have transforms of their own; leave TRANSFORM out."
            : null;
        if (wrong is not null)
        {
            throw new NeuroStoreException(ErrorCode.InvalidModel, wrong, _position);
        }
    }

    private bool Is(string type) => string.Equals(
        _definition.Type?.Name, type, StringComparison.OrdinalIgnoreCase);

    private static int FindColumn(ModelQuery query, IdentifierSyntax name, string purpose)
    {
        int found = query.IndexOf(name.Name);
        return found >= 0 ? found : throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The query has no column {name.Name} {purpose}."
            + NearMatch.Hint(name.Name, query.Columns.Select(static it => it.Name)),
            name.Position);
    }

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
