import { ArrowUpDown } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { Toolbar } from "../../ui/toolbar.tsx";
import { parseStateFilter, STATE_FILTERS } from "./repository-words.ts";
import { parseRowOrder, ROW_ORDERS, type RowFilter } from "./row-filter.ts";

interface RepositoriesToolbarProps {
  filter: RowFilter;
  onChange(part: Partial<RowFilter>): void;
  /** There while changes have brought rows out of their order. */
  onSortAgain?(): void;
}

/** Which repositories are shown and in what order; live changes move no row, so they may have to be sorted again. */
export function RepositoriesToolbar({ filter, onChange, onSortAgain }: RepositoriesToolbarProps) {
  return (
    <Toolbar searches="Repositories">
      <div className="flex min-w-0 flex-1 basis-56 max-sm:basis-full sm:max-w-80">
        <SearchBox label="Find by name or tag" value={filter.words} onChange={(words) => onChange({ words })} />
      </div>
      <div className="w-44 max-sm:flex-1">
        <SelectField
          id="state-filter"
          label="State"
          hideLabel
          value={filter.state}
          options={STATE_FILTERS}
          onChange={(state) => onChange({ state: parseStateFilter(state) })}
        />
      </div>
      <div className="flex items-center gap-2 max-sm:flex-1 sm:ml-auto">
        {onSortAgain && (
          <Button
            look="quiet"
            className="max-sm:px-1"
            title="Rows keep their places while things change"
            onClick={onSortAgain}
          >
            <ArrowUpDown size={14} aria-hidden="true" /> Sort again
          </Button>
        )}
        <div className="w-36 max-sm:flex-1">
          <SelectField
            id="row-order"
            label="Order"
            hideLabel
            value={filter.order}
            options={ROW_ORDERS}
            onChange={(order) => onChange({ order: parseRowOrder(order) })}
          />
        </div>
      </div>
    </Toolbar>
  );
}
