using System.Collections.Concurrent;

namespace NeuroDb.Query;

/// <summary>The predictors of one expression in one execution: as many as threads evaluate it.
/// </summary>
internal sealed class PredictorPool
{
    private readonly ConcurrentBag<ModelPredictor> _free = [];

    /// <summary>A predictor that nobody uses.</summary>
    public ModelPredictor Take(PredictionInputs inputs, ExecutionContext context) =>
        _free.TryTake(out ModelPredictor? predictor) ? predictor : inputs.Open(context);

    /// <summary>Gives one back.</summary>
    public void Give(ModelPredictor predictor) => _free.Add(predictor);
}
