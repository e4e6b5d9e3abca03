namespace NeuroDb.Query;

/// <summary>A column of what a model says.</summary>
/// <param name="Prediction">What is asked for.</param>
/// <param name="Column">The column of the plan.</param>
internal sealed record PredictedColumn(PredictionExpression Prediction, OutputColumn Column);
