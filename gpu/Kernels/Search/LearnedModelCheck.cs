namespace NeuroDb.Gpu;

/// <summary>
/// Whether a model that was read from somewhere keeps what the search relies on, so that it never
/// looks outside of an array; whether it finds places is for its checksum to say.
/// </summary>
internal static class LearnedModelCheck
{
    // No line begins further in front of the array than its error.
    private const int PlaceMin = -128;

    /// <summary>Looks at the keys of the directory and at every line.</summary>
    public static bool IsSound(LearnedModel model)
    {
        ReadOnlySpan<ulong> firstKeys = model.Directory.Keys;
        for (int i = 1; i < firstKeys.Length; i++)
        {
            if (firstKeys[i] < firstKeys[i - 1])
            {
                return false;
            }
        }

        if (!model.IsLearned)
        {
            int blocks = (model.KeyCount + LearnedModelBuilder.PlainStride - 1)
                / LearnedModelBuilder.PlainStride;
            return model.Window == 0 && model.Lines.Length == 0 && firstKeys.Length == blocks;
        }

        bool isSound = model.Window % CacheLines.KeyCount == 0 && model.Window <= model.KeyCount
            && model.ErrorBound >= 0 && model.ErrorBound <= model.Window
            && firstKeys.Length > 0 && model.Lines.Length == firstKeys.Length + 1;
        foreach (LinePiece line in model.Lines)
        {
            isSound &= float.IsFinite(line.Slope) && line.Slope >= 0 && line.Place >= PlaceMin;
        }

        return isSound;
    }
}
