using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Which training a plan needs.</summary>
internal static class ModelBuilds
{
    /// <summary>The training of a plan, with its rows read.</summary>
    public static IModelBuild Prepare(ModelPlan plan, WarmStart? warm, ExecutionContext context)
    {
        if (warm is not null && IsOfItsOwn(plan.Task))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"A {NameOf(plan.Task)} is trained from its beginning; leave WARM START out.",
                plan.Position);
        }

        if (warm is not null && plan.Joined is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                "An ensemble of models has no weights to begin with; leave WARM START out.",
                plan.Position);
        }

        return plan.Task switch
        {
            ModelTask.Forecaster => new ForecastBuild(plan, context),
            ModelTask.Recommender => new RecommenderBuild(plan, context),
            ModelTask.Tagger => new TaggerBuild(plan, context),
            ModelTask.GraphEmbedding => new GraphBuild(plan, context),
            _ => ModelBuild.Prepare(plan, warm, context),
        };
    }

    /// <summary>Whether a model of a task says nothing of a single row of features.</summary>
    public static bool IsOfItsOwn(ModelTask task) =>
        task is ModelTask.Forecaster or ModelTask.Recommender or ModelTask.Tagger
            or ModelTask.GraphEmbedding;

    /// <summary>The word behind TYPE.</summary>
    public static string NameOf(ModelTask task) => task == ModelTask.GraphEmbedding
        ? "graph_embedding" : task.ToString().ToLowerInvariant();

    /// <summary>An error for what asks rows of a model that knows none.</summary>
    public static NeuroStoreException NotOfRows(
        string what, string model, ModelTask task, SourcePosition position) => new(
            ErrorCode.InvalidModel,
            $"{what} asks about single rows, and {model} is a {NameOf(task)}: " + task switch
            {
                ModelTask.Forecaster => $"ask SELECT * FROM ml.forecast(MODEL {model}).",
                ModelTask.Tagger =>
                    $"ask predict({model} USING text), or ml.entities(MODEL {model}, TABLE t).",
                ModelTask.GraphEmbedding =>
                    $"ask embed({model}, node), or ml.nodes(MODEL {model}).",
                _ => $"ask SELECT * FROM RECOMMEND(MODEL {model} FOR user LIMIT 10).",
            },
            position);
}
