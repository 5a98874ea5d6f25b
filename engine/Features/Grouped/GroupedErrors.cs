using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Every error of grouped folders, CE3080 to CE3089.</summary>
internal static class GroupedErrors
{
    public static ChurnDataException Damaged(string folder, string path, string why) =>
        new(new(3080), $"'{path}' of grouped folder '{folder}' cannot be used: {why}") { Hint = "delete the folder: the next run makes it again from the tables; or leave out --grouped" };

    public static ChurnConfigException HoldsStranger(string folder, string stranger) =>
        new(new(3081), $"'{folder}' holds '{stranger}', which no grouped folder has") { Hint = "name a new or empty folder with --grouped; nothing was touched" };
}
