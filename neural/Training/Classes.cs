namespace NeuroDb.Neural;

/// <summary>Numbers of classes.</summary>
internal static class Classes
{
    /// <summary>The place of the largest score, the first of equals.</summary>
    public static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }
}
