namespace NeuroDb.Neural;

/// <summary>The best items of a list of scores, and how good a list is.</summary>
internal static class TopItems
{
    /// <summary>The numbers of the best items, best first; of equal ones the lower first.</summary>
    /// <param name="scores">The scores of all items.</param>
    /// <param name="isLeftOut">Items that do not count.</param>
    /// <param name="count">How many are wanted.</param>
    public static int[] Of(ReadOnlySpan<float> scores, Func<int, bool> isLeftOut, int count)
    {
        var best = new PriorityQueue<int, (float Score, int Item)>();
        for (int item = 0; item < scores.Length; item++)
        {
            if (isLeftOut(item))
            {
                continue;
            }

            (float, int) priority = (scores[item], -item);
            if (best.Count < count)
            {
                best.Enqueue(item, priority);
            }
            else
            {
                best.EnqueueDequeue(item, priority);
            }
        }

        var items = new int[best.Count];
        for (int place = items.Length - 1; place >= 0; place--)
        {
            items[place] = best.Dequeue();
        }

        return items;
    }

    /// <summary>
    /// The discounted gain of a list beside that of the best one (Jarvelin and Kekalainen, ACM
    /// TOIS 20, 2002).
    /// </summary>
    public static double Gain(ReadOnlySpan<int> items, IReadOnlySet<int> wanted, int count)
    {
        double gain = 0;
        for (int place = 0; place < items.Length; place++)
        {
            gain += wanted.Contains(items[place]) ? 1 / Math.Log2(place + 2) : 0;
        }

        double best = 0;
        for (int place = 0; place < Math.Min(wanted.Count, count); place++)
        {
            best += 1 / Math.Log2(place + 2);
        }

        return best > 0 ? gain / best : 0;
    }
}
