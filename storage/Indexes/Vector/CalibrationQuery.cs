namespace NeuroDb.Storage;

/// <summary>A vector that calibration asks for.</summary>
/// <param name="Row">The row that it is, which no answer holds; -1 if it is none.</param>
/// <param name="Vector">Its elements.</param>
internal readonly record struct CalibrationQuery(int Row, float[] Vector)
{
    /// <summary>Rows of a part, one from each of so many even stretches of its lists.</summary>
    public static CalibrationQuery[] DrawRows(
        VectorPart part, VectorRows rows, int count, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x5DEECE66D);
        int drawn = (int)Math.Min(count, part.RowCount);
        var queries = new CalibrationQuery[drawn];
        long before = 0;
        int list = -1;
        int[] ordinals = [];
        for (int i = 0; i < drawn; i++)
        {
            long begin = i * part.RowCount / drawn;
            long end = (i + 1) * part.RowCount / drawn;
            long place = begin + (long)(random.NextUInt64() % (ulong)(end - begin));
            while (place >= before + ordinals.Length)
            {
                before += ordinals.Length;
                ordinals = part.List(++list).Ordinals;
            }

            int row = ordinals[place - before];
            queries[i] = new CalibrationQuery(row, rows.ToArray(row));
        }

        return queries;
    }

    /// <summary>
    /// Directions at random, unlike the rows. Sums of even numbers stand for normal ones.
    /// </summary>
    public static CalibrationQuery[] DrawDirections(int dimension, int count, ulong seed)
    {
        const int Summands = 4;
        var random = new SeededRandomSource(seed ^ 0xD1B54A32D192ED03);
        var queries = new CalibrationQuery[count];
        for (int i = 0; i < count; i++)
        {
            var direction = new float[dimension];
            for (int j = 0; j < dimension; j++)
            {
                for (int summand = 0; summand < Summands; summand++)
                {
                    direction[j] += (random.NextUInt64() >> 40) - (float)(1 << 23);
                }
            }

            queries[i] = new CalibrationQuery(-1, direction);
        }

        return queries;
    }
}
