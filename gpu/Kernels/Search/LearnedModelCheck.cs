namespace NeuroDb.Gpu;

/// <summary>
/// Whether a model that was read from somewhere keeps what the search relies on, so that it never
/// looks outside of an array; whether it finds places is for its checksum to say.
/// </summary>
internal static class LearnedModelCheck
{
    // A window that begins so far behind a level ends within its padding.
    private const int PlaceSlack = LearnedModel.PaddingCount - LearnedModel.UpperWindow - 8;

    /// <summary>Looks at the shape of the levels and at every line.</summary>
    public static bool IsSound(LearnedModel model)
    {
        if (!model.IsLearned)
        {
            int blocks = (model.KeyCount + LearnedModelBuilder.PlainStride - 1)
                / LearnedModelBuilder.PlainStride;
            return model.Window == 0 && model.Keys.Length == blocks;
        }

        int[] starts = model.LevelStarts;
        if (model.Window % CacheLines.KeyCount != 0 || model.Window > model.KeyCount
            || model.ErrorBound < 0 || model.ErrorBound > model.Window
            || model.Keys.Length != model.Lines.Length || starts.Length == 0 || starts[0] != 0)
        {
            return false;
        }

        int below = model.KeyCount;
        for (int level = 0; level < starts.Length; level++)
        {
            int end = level + 1 < starts.Length ? starts[level + 1] : model.Keys.Length;
            long count = (long)end - starts[level] - LearnedModel.PaddingCount;
            if (count < 1 || end > model.Keys.Length || (level == 0 && count != model.LineCount)
                || !AreSound(
                    model, starts[level], end, level == 0 ? int.MaxValue : below + PlaceSlack))
            {
                return false;
            }

            below = (int)count;
        }

        return below <= LearnedModel.RootCountMax;
    }

    private static bool AreSound(LearnedModel model, int start, int end, int placeMax)
    {
        for (int i = start; i < end; i++)
        {
            LinePiece line = model.Lines[i];
            if (!float.IsFinite(line.Slope) || line.Slope < 0
                || line.Place < -LearnedModel.PaddingCount
                || line.Place > placeMax)
            {
                return false;
            }

            bool isPadding = i >= end - LearnedModel.PaddingCount;
            if (isPadding ? model.Keys[i] != ulong.MaxValue
                : i > start && model.Keys[i] < model.Keys[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
