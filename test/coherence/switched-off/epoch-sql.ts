interface Parts {
  /** SQL for the name of the row `h` of `history`. */
  readonly id: string;
  /** Whether the row `h` is valid. */
  readonly isValid: string;
}

/** The parts that the function `history_epoch` has. */
const SHIPPED_PARTS: Parts = {
  id: 'h.id',
  isValid: 'h.started = pg_postmaster_start_time() AND h.born::xid = h.xmin',
};

/** The query of the function `history_epoch` (see the migration), with some parts replaced. */
export function epochSql(replaced: Partial<Parts> = {}): string {
  const { id, isValid } = { ...SHIPPED_PARTS, ...replaced };
  return `(
    SELECT md5(concat_ws(' ', ${id}, s.system_identifier, d.oid, t.oid))::uuid::text
    FROM history AS h, pg_control_system() AS s, pg_database AS d
    LEFT JOIN pg_trigger AS t ON t.tgrelid = 'outbox'::regclass AND t.tgname = 'move_horizon_on_delete'
    WHERE d.datname = current_database() AND ${isValid}
  )`;
}
