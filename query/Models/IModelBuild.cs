using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One training of a model, whatever its type: rows that are divided, then a model.
/// </summary>
internal interface IModelBuild
{
    /// <summary>Trains and judges.</summary>
    BuiltModel Train(ModelTraining training);

    /// <summary>The rows of a part, as far as they can judge.</summary>
    long CountOf(SplitPart part);

    /// <summary>The metric of a model on a part of the rows; null if it cannot be judged.</summary>
    JudgedMetric? Judge(ModelPackage package, SplitPart part);
}
