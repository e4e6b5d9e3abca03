namespace NeuroDb.Neural;

/// <summary>
/// What encoders without a target are known by: how much of the features an autoencoder gives back,
/// and how often a changed view of an image finds the image among all.
/// </summary>
internal static class EncoderJudge
{
    private const int Among = 10;
    private const ulong Seed = 1;

    /// <summary>The metric of a model on rows of features; null for too few.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">(rows, features), the first ones of them are looked at.</param>
    public static JudgedMetric? Of(EncoderModel model, float[] features)
    {
        int count = Math.Min(EmbedderJudge.TextsMax, features.Length / model.FeatureCount);
        return model.Whole.Loss == LossKind.Views
            ? OfViews(model, features, count) : OfReconstruction(model, features, count);
    }

    /// <summary>1 - the squared errors by those of the means of the features.</summary>
    private static JudgedMetric? OfReconstruction(EncoderModel model, float[] features, int count)
    {
        int width = model.FeatureCount;
        if (count < 2)
        {
            return null;
        }

        var outputs = new float[count * width];
        model.Whole.Predict(features.AsMemory(0, count * width), count, outputs);
        var means = new double[width];
        for (int i = 0; i < count * width; i++)
        {
            means[i % width] += features[i] / (double)count;
        }

        double errors = 0;
        double spread = 0;
        for (int i = 0; i < count * width; i++)
        {
            double error = features[i] - (double)outputs[i];
            double distance = features[i] - means[i % width];
            errors += error * error;
            spread += distance * distance;
        }

        return spread <= 0 ? null : JudgedMetric.Beside(
            "reconstruction_r2", 1 - (errors / spread), 0, isHigherBetter: true);
    }

    /// <summary>The share of views that have their image among the ten nearest by cosine.</summary>
    private static JudgedMetric? OfViews(EncoderModel model, float[] features, int count)
    {
        if (count <= 2 * Among)
        {
            return null;
        }

        TensorShape shape = model.Whole.Network.Input;
        float[] views = features[..(count * shape.Length)];
        var random = new SeededRandomSource(Seed);
        var scratch = new float[shape.Length];
        Augmentation change = EncoderTrainer.UsualViews(shape);
        for (int i = 0; i < count; i++)
        {
            change.Apply(
                views.AsSpan(i * shape.Length, shape.Length), shape, random, scratch);
        }

        float[] first = VectorsOf(model, features, count);
        long found = EmbedderJudge.CountFound(
            VectorsOf(model, views, count), first, count, model.OutputCount);
        double chance = Among / (double)count;
        (double low, double high) = Confidence.Wilson(found, count);
        return new JudgedMetric(
            "view_recall_at_10", found / (double)count, chance, low, high, true,
            Baseline.Compare(found, count, chance));
    }

    private static float[] VectorsOf(EncoderModel model, float[] features, int count)
    {
        int width = model.OutputCount;
        var vectors = new float[count * width];
        model.Predict(features.AsMemory(0, count * model.FeatureCount), count, vectors);
        for (int i = 0; i < count; i++)
        {
            VectorArithmetic.Normalize(vectors.AsSpan(i * width, width));
        }

        return vectors;
    }
}
